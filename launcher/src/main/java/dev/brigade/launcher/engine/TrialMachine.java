package dev.brigade.launcher.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.launcher.bench.BenchMachine;
import dev.brigade.launcher.plugins.FoundPlugin;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.launcher.plugins.PluginKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the outcome of a trial depends on: the machine, its drivers, Java, and the engines with
 * their settings. When any of it changes, engines are tried again.
 *
 * @param facts one line each
 */
record TrialMachine(List<String> facts) {
  private static final Path NVIDIA = Path.of("/proc/driver/nvidia/version");
  private static final String VARIABLES = "BRIGADE_";
  private static final String LIBRARY = "_LIBRARY";

  TrialMachine {
    facts = List.copyOf(facts);
  }

  /** This machine with these engines. */
  static TrialMachine here(PluginCatalog plugins, ObjectNode settings) {
    List<String> facts = new ArrayList<>();
    BenchMachine machine = BenchMachine.here();
    facts.add("system " + machine.system() + " " + System.getProperty("os.version"));
    facts.add("processor " + machine.cores() + " x " + machine.processor());
    facts.add("java " + machine.java());
    facts.add("nvidia " + firstLine(NVIDIA));
    facts.add("settings " + settings);
    for (Map.Entry<String, String> variable : new TreeMap<>(System.getenv()).entrySet()) {
      String name = variable.getKey();
      if (name.startsWith(VARIABLES) && name.endsWith(LIBRARY)) {
        facts.add(name + "=" + variable.getValue() + " " + stamp(Path.of(variable.getValue())));
      }
    }
    List<String> usable = plugins.engines();
    plugins.all().stream()
        .filter(plugin -> plugin.kind() == PluginKind.ENGINE && usable.contains(plugin.name()))
        .map(TrialMachine::fact)
        .sorted()
        .forEach(facts::add);
    return new TrialMachine(facts);
  }

  private static String fact(FoundPlugin engine) {
    return "engine %s %s %s"
        .formatted(
            engine.name(),
            engine.version().orElse("-"),
            engine.source().map(path -> path + " " + stamp(path)).orElse("-"));
  }

  /** Tells one build of a file from another. */
  private static String stamp(Path file) {
    try {
      return Files.isRegularFile(file)
          ? Files.size(file) + " bytes of " + Files.getLastModifiedTime(file)
          : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static String firstLine(Path file) {
    try {
      return Files.readAllLines(file).stream().findFirst().orElse("");
    } catch (IOException e) {
      return "none";
    }
  }

  /** A short name for all of it. */
  String digest() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\n", facts).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
