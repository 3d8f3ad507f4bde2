package dev.brigade.launcher;

import dev.brigade.launcher.command.BrigadeCommand;
import dev.brigade.launcher.console.Console;
import java.io.ObjectInputFilter;
import java.security.Security;

/** Where the process starts. */
public final class Main {
  private static final String NAMES_HOLD_SECONDS = "5";

  private Main() {}

  /** Runs one command and ends the process with its exit status. */
  public static void main(String[] arguments) {
    refuseSerializedObjects();
    // Java's own 30 s would let nodes that come by name be found late.
    Security.setProperty("networkaddress.cache.ttl", NAMES_HOLD_SECONDS);
    System.exit(BrigadeCommand.run(Console.ofThisProcess(), arguments));
  }

  /**
   * Nothing of Brigade or below it is serialized by Java, so whoever sends such a thing is up to no
   * good. A filter of the command line ({@code -Djdk.serialFilter}) goes before this one.
   */
  static void refuseSerializedObjects() {
    if (ObjectInputFilter.Config.getSerialFilter() == null) {
      ObjectInputFilter.Config.setSerialFilter(object -> ObjectInputFilter.Status.REJECTED);
    }
  }
}
