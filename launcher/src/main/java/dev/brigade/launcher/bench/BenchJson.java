package dev.brigade.launcher.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A report as one JSON object; {@code docs/benchmarks.md} describes it. */
public final class BenchJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private BenchJson() {}

  /** The report. */
  public static ObjectNode of(BenchReport report) {
    ObjectNode root = JSON.createObjectNode();
    root.put("bench", "engine").put("time", report.time().toString());
    root.putObject("machine")
        .put("system", report.machine().system())
        .put("processor", report.machine().processor())
        .put("cores", report.machine().cores())
        .put("memory_bytes", report.machine().memoryBytes())
        .put("java", report.machine().java());
    root.putObject("model")
        .put("name", report.modelName())
        .put("layers", report.model().layers())
        .put("width", report.model().width())
        .put("vocabulary", report.model().vocabulary())
        .put("parameters", report.model().parameters());
    root.putObject("settings")
        .put("prefill", report.settings().prefill())
        .put("decode", report.settings().decode())
        .put("sequences", report.settings().sequences())
        .put("repeats", report.settings().repeats());
    ArrayNode results = root.putArray("results");
    report.outcomes().forEach(outcome -> results.add(outcome(outcome)));
    return root;
  }

  private static ObjectNode outcome(EngineOutcome outcome) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("engine", outcome.engine())
            .put("precision", outcome.precision().name());
    if (outcome instanceof EngineOutcome.Failed failed) {
      return node.put("failed", failed.reason());
    }
    EngineOutcome.Measured measured = (EngineOutcome.Measured) outcome;
    node.put("device", measured.device()).put("load_ms", measured.load().toMillis());
    node.putObject("bytes")
        .put("weights", measured.memory().weights())
        .put("kv", measured.memory().kv())
        .put("scratch", measured.memory().scratch());
    side(node, measured.own());
    measured
        .together()
        .ifPresent(
            together ->
                node.set(
                    "together",
                    timing(together.decode())
                        .put("sequences", together.sequences())
                        .put("factor", together.factor())));
    measured.nativeShare().ifPresent(part -> node.put("native_share_of_decode", part));
    BenchReport.against(measured)
        .ifPresent(against -> node.set("baseline", against(measured.own(), against)));
    BenchReport.reason(measured).ifPresent(reason -> node.put("no_baseline", reason));
    return node;
  }

  private static ObjectNode against(SideResult own, EngineOutcome.Against against) {
    ObjectNode node = JSON.createObjectNode().put("description", against.description());
    side(node, against.hand());
    ObjectNode ratio = node.putObject("ratio");
    ratio.set("prefill", spread(own.prefill().ratio(against.hand().prefill())));
    ratio.set("decode", spread(own.decode().ratio(against.hand().decode())));
    ObjectNode processor = node.putObject("processor_ratio");
    own.prefill()
        .processorRatio(against.hand().prefill())
        .ifPresent(part -> processor.put("prefill", part));
    own.decode()
        .processorRatio(against.hand().decode())
        .ifPresent(part -> processor.put("decode", part));
    return node.put("agreement", against.agreement());
  }

  private static void side(ObjectNode node, SideResult side) {
    node.set("prefill", timing(side.prefill()));
    node.set("decode", timing(side.decode()));
  }

  private static ObjectNode timing(Timing timing) {
    ObjectNode node = JSON.createObjectNode().put("tokens", timing.tokens());
    node.set("tokens_per_s", spread(timing.tokensPerSecond()));
    node.put("processor_ms_per_token", 1e3 * timing.processorSecondsPerToken().median());
    ArrayNode seconds = node.putArray("seconds");
    timing.samples().forEach(sample -> seconds.add(sample.seconds()));
    return node;
  }

  private static ObjectNode spread(Spread spread) {
    return JSON.createObjectNode()
        .put("median", spread.median())
        .put("least", spread.least())
        .put("most", spread.most());
  }
}
