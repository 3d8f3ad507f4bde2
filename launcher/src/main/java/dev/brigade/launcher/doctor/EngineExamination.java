package dev.brigade.launcher.doctor;

import dev.brigade.launcher.doctor.Finding.Area;
import dev.brigade.launcher.engine.EngineTrial;
import dev.brigade.launcher.plugins.FoundPlugin;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.launcher.plugins.PluginKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Looks at every engine: whether it can be used, on what it runs, how fast. */
final class EngineExamination {
  private final PluginCatalog plugins;
  private final List<EngineTrial> trials;
  private final List<String> gpus;

  EngineExamination(PluginCatalog plugins, List<EngineTrial> trials, List<String> gpus) {
    this.plugins = plugins;
    this.trials = List.copyOf(trials);
    this.gpus = List.copyOf(gpus);
  }

  /**
   * @param wanted the config's engine, or {@code auto}
   */
  List<Finding> findings(String wanted) {
    List<Finding> findings = new ArrayList<>();
    plugins.all().stream()
        .filter(plugin -> plugin.kind() == PluginKind.ENGINE)
        .map(this::finding)
        .forEach(findings::add);
    List<String> running =
        trials.stream().filter(EngineTrial.Ran.class::isInstance).map(EngineTrial::engine).toList();
    if (wanted.equals("auto") ? running.isEmpty() : !running.contains(wanted)) {
      findings.add(
          Finding.problem(
              Area.ENGINES,
              "engine.type",
              "is '"
                  + wanted
                  + "', and "
                  + (running.isEmpty() ? "none" : "only " + running)
                  + " can run here",
              running.isEmpty()
                  ? "make one of the engines above usable"
                  : "choose one of " + running + ", or make it usable as said above"));
    }
    return findings;
  }

  private Finding finding(FoundPlugin engine) {
    Optional<EngineTrial> trial =
        trials.stream().filter(tried -> tried.engine().equals(engine.name())).findFirst();
    if (trial.isPresent() && trial.get() instanceof EngineTrial.Ran ran) {
      return ran(ran);
    } else if (trial.isPresent()) {
      String reason = ((EngineTrial.Failed) trial.get()).reason();
      return Finding.note(Area.ENGINES, engine.name(), "is there but does not run: " + reason)
          .with("brigade doctor --anew tries it again");
    }
    String reason = engine.unavailable().orElse("was not tried");
    int colon = reason.indexOf(": ");
    return colon < 0
        ? Finding.note(Area.ENGINES, engine.name(), "not usable: " + reason)
        : Finding.note(Area.ENGINES, engine.name(), "not usable: " + reason.substring(0, colon))
            .with(reason.substring(colon + 2));
  }

  private Finding ran(EngineTrial.Ran ran) {
    String text =
        String.format(
            Locale.ROOT,
            "%s%s; a small model in %s: prefill %.0f tokens/s, decode %.1f",
            ran.library().isEmpty() ? "" : ran.library() + "; ",
            ran.device(),
            ran.precision(),
            ran.prefill(),
            ran.decode());
    Finding finding = Finding.ok(Area.ENGINES, ran.engine(), text);
    boolean idle =
        ran.library().startsWith("PyTorch")
            && ran.device().startsWith("cpu")
            && gpus.stream().anyMatch(gpu -> gpu.contains("NVIDIA") || gpu.contains("Tesla"));
    return idle
        ? finding.with(
            "for the GPU, set PYTORCH_LIBRARY_PATH to the folder of a CUDA build of "
                + ran.library().replace("PyTorch ", "libtorch "))
        : finding;
  }
}
