package dev.brigade.launcher.command;

import dev.brigade.cluster.sampling.SamplingParameters;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How tokens are drawn: the likeliest one unless an option asks for chance. */
final class SamplingOptions {
  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 takes the likeliest token; default 0, or 1 with --top-p or --top-k.")
  private Optional<Double> temperature = Optional.empty();

  @Option(names = "--top-p", paramLabel = "P", description = "Draw from this probability mass.")
  private Optional<Double> topP = Optional.empty();

  @Option(names = "--top-k", paramLabel = "K", description = "Draw from the K likeliest tokens.")
  private Optional<Integer> topK = Optional.empty();

  @Option(names = "--seed", paramLabel = "S", description = "Seed of the draws; default 0.")
  private Optional<Long> seed = Optional.empty();

  SamplingParameters parameters() throws UsageException {
    double impliedTemperature = topP.isPresent() || topK.isPresent() ? 1 : 0;
    try {
      return new SamplingParameters(
          temperature.orElse(impliedTemperature),
          topK.orElse(0),
          topP.orElse(1.0),
          0,
          1,
          0,
          0,
          seed.orElse(0L));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
