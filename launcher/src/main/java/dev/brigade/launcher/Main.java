package dev.brigade.launcher;

import dev.brigade.launcher.command.BrigadeCommand;
import dev.brigade.launcher.console.Console;

/** Where the process starts. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit status. */
  public static void main(String[] arguments) {
    System.exit(BrigadeCommand.run(Console.ofThisProcess(), arguments));
  }
}
