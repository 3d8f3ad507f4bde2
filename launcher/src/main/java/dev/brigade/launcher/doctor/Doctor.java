package dev.brigade.launcher.doctor;

import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.KeyPath;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.doctor.Finding.Area;
import dev.brigade.launcher.engine.AutoEngine;
import dev.brigade.launcher.engine.EngineChoice;
import dev.brigade.launcher.engine.EngineTrial;
import dev.brigade.launcher.host.SecretFile;
import dev.brigade.launcher.host.UserFolders;
import dev.brigade.launcher.model.ModelLocations;
import dev.brigade.launcher.model.ModelNotFoundException;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.model.hub.HubId;
import dev.brigade.spi.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Looks at everything that a node needs, and starts none. */
public final class Doctor {
  private final BrigadeConfig config;
  private final String configName;
  private final PluginCatalog plugins;
  private final ModelLocations locations;
  private final Host host;
  private final Predicate<String> isNode;

  /**
   * @param configName the config's file, as a person knows it
   * @param host for its clock and its cache folder
   * @param isNode whether a node of Brigade answers at an address of an API
   */
  public Doctor(
      BrigadeConfig config,
      String configName,
      PluginCatalog plugins,
      ModelLocations locations,
      Host host,
      Predicate<String> isNode) {
    this.config = config;
    this.configName = configName;
    this.plugins = plugins;
    this.locations = locations;
    this.host = host;
    this.isNode = isNode;
  }

  /**
   * Looks.
   *
   * @param mistake what is wrong with the config, if it could not be used
   * @param folders the user's
   * @param anew whether engines are tried again that were tried before
   * @param news told one line when engines are tried, which takes some seconds
   */
  public Examination examine(
      Optional<String> mistake, UserFolders folders, boolean anew, Consumer<String> news) {
    List<String> gpus = Graphics.here();
    List<Finding> findings =
        new ArrayList<>(MachineExamination.findings(config.memory().limit(), gpus));
    findings.addAll(engines(gpus, anew, news));
    findings.add(
        mistake.isPresent()
            ? Finding.problem(
                Area.CONFIG, "file", mistake.get(), "what follows goes by the defaults")
            : Finding.ok(Area.CONFIG, "file", configName));
    findings.add(model());
    findings.add(
        SecretExamination.finding(config, System.getenv(), new SecretFile(folders.config())));
    findings.addAll(new NetworkExamination(config, plugins, isNode).findings());
    return new Examination(findings);
  }

  private List<Finding> engines(List<String> gpus, boolean anew, Consumer<String> news) {
    AutoEngine auto = new AutoEngine(plugins, host, news);
    String wanted = config.engine().type();
    boolean any = wanted.equals(AutoEngine.AUTO);
    // Settings are those of the engine that is named; others are tried without.
    PluginSection section =
        any ? config.engine() : PluginSection.of(AutoEngine.AUTO, KeyPath.ROOT.key("engine"));
    List<EngineTrial> trials = anew ? auto.trialsAnew(section) : auto.trials(section);
    if (!any) {
      trials = new ArrayList<>(trials);
      trials.removeIf(trial -> trial.engine().equals(wanted));
      trials.add(auto.tried(config.engine()));
    }
    List<Finding> findings =
        new ArrayList<>(new EngineExamination(plugins, trials, gpus).findings(wanted));
    EngineChoice.of(trials)
        .filter(choice -> any)
        .ifPresent(
            choice ->
                findings.add(
                    Finding.ok(Area.ENGINES, "auto", "means " + choice.engine() + " here")));
    return findings;
  }

  private Finding model() {
    String id = config.model().id();
    boolean bundled = locations.bundled().stream().anyMatch(model -> model.id().equals(id));
    if (!bundled && !id.startsWith("bundled/") && HubId.parse(id).isPresent()) {
      return Finding.note(Area.CONFIG, "model", id + ", from a folder or the hub: not looked at");
    }
    try {
      return Finding.ok(Area.CONFIG, "model", id + ", " + locations.find(id).folder());
    } catch (ModelNotFoundException e) {
      return Finding.problem(Area.CONFIG, "model", e.getMessage(), "set model.id");
    }
  }
}
