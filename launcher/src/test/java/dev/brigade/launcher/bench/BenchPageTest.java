package dev.brigade.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.engine.MemoryUse;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class BenchPageTest {

  @Test
  void everyFigureIsWrittenBesideItsBar() throws Exception {
    BenchReport report =
        report(
            measured("fast", Optional.of(side(4, 8)), Optional.of(2.5)),
            measured("alone", Optional.empty(), Optional.empty()));

    Document page = parsed(BenchPage.of(report));

    // 100 tokens in 1 s and 10 in 2 s by the engine; in 4 s and in 8 s by hand.
    assertThat(texts(page))
        .contains("fast f32", "alone f32", "100", "25.0", "5.00", "1.25", "12.5 (×2.5)")
        .contains("4.00 (4.00–4.00)");
  }

  @Test
  void whatOthersNamedCannotBreakThePage() throws Exception {
    BenchReport report =
        report(
            measured("<b>&'\"", Optional.of(side(1, 1)), Optional.of(1.0)),
            new EngineOutcome.Failed("broken", Precision.F32, "no <memory> & \"more\""));

    String text = BenchPage.of(report);

    assertThat(parsed(text).getDocumentElement().getTextContent())
        .contains("<b>&'\"", "broken f32 did not run: no <memory> & \"more\"");
  }

  @Test
  void aReportOfNothingButFailuresIsAPageStill() throws Exception {
    BenchReport report =
        report(new EngineOutcome.Failed("broken", Precision.F32, "it takes too much"));

    Document page = parsed(BenchPage.of(report));

    assertThat(page.getDocumentElement().getTextContent()).contains("it takes too much");
  }

  private static BenchReport report(EngineOutcome... outcomes) {
    return new BenchReport(
        Instant.EPOCH,
        new BenchMachine("Linux", "a processor", 2, 1 << 30, "17"),
        "tiny",
        new BenchModel(Path.of("tiny"), new ModelRef("tiny", "00000000"), 4, 256, 4096, 8192, 9),
        new BenchSettings(100, 10, 2, 2, true),
        List.of(outcomes));
  }

  private static EngineOutcome measured(
      String engine, Optional<SideResult> hand, Optional<Double> factor) {
    return new EngineOutcome.Measured(
        engine,
        Precision.F32,
        "cpu",
        Duration.ofMillis(1500),
        new MemoryUse(1 << 20, 0, 0),
        new SideResult(timing(100, 1), timing(10, 2)),
        factor.map(f -> new EngineOutcome.Together(2, timing(25, 2), f)),
        OptionalDouble.empty(),
        hand.<EngineOutcome.Comparison>map(h -> new EngineOutcome.Against("hand", h, 1))
            .orElse(new EngineOutcome.Alone(Optional.of("there is none"))));
  }

  private static SideResult side(double prefillSeconds, double decodeSeconds) {
    return new SideResult(timing(100, prefillSeconds), timing(10, decodeSeconds));
  }

  private static Timing timing(int tokens, double seconds) {
    Timing.Sample sample = new Timing.Sample(seconds, 0);
    return new Timing(tokens, List.of(sample, sample));
  }

  private static Document parsed(String page) throws Exception {
    String xml = page.substring(page.indexOf("<html"));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> texts(Document page) {
    NodeList found = page.getElementsByTagName("text");
    return IntStream.range(0, found.getLength())
        .mapToObj(i -> found.item(i).getTextContent())
        .toList();
  }
}
