package dev.brigade.engine.ggml;

import com.sun.management.OperatingSystemMXBean;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.engine.ChainSequence;
import dev.brigade.testkit.engine.ShardChain;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Prints tokens per second of a model, by the clock and by the processor time of all threads, which
 * other processes disturb less. Arguments: its folder or GGUF file, precisions separated by commas,
 * threads, tokens of the prompt, tokens to decode. {@code BRIGADE_GGML_LIBRARY} chooses the
 * library.
 */
final class GgmlBench {
  private static final int ROUNDS = 3;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private GgmlBench() {}

  public static void main(String[] arguments) throws Exception {
    Path model = Path.of(arguments[0]);
    int threads = Integer.parseInt(arguments[2]);
    GgmlEngineConfig config =
        new GgmlEngineConfig(Optional.of(threads), Optional.empty(), Optional.empty());
    try (TestHost host = TestHost.create();
        InferenceEngine engine = new GgmlEngineProvider().create(config, host)) {
      for (String precision : arguments[1].split(",")) {
        measure(
            engine,
            model,
            new Precision(precision),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]));
      }
    }
  }

  private static void measure(
      InferenceEngine engine, Path model, Precision precision, int prompted, int decoded)
      throws Exception {
    long begin = System.nanoTime();
    try (ShardChain chain = ShardChain.load(engine, model, precision)) {
      System.out.printf("%s: loaded in %.1f s%n", precision, seconds(begin));
      Random random = new Random(1);
      List<Integer> prompt = new ArrayList<>();
      for (int i = 0; i < prompted; i++) {
        prompt.add(random.nextInt(chain.shape().vocabulary()));
      }
      for (int round = 0; round < ROUNDS; round++) {
        try (ChainSequence sequence = chain.open(prompted + decoded, prompted)) {
          Rate prefill = Rate.of(prompted, () -> chain.feed(sequence, prompt));
          Rate decode =
              Rate.of(
                  decoded,
                  () -> {
                    for (int i = 0; i < decoded; i++) {
                      chain.feed(sequence, prompt.subList(i, i + 1));
                    }
                  });
          System.out.printf("%s: prefill %s, decode %s%n", precision, prefill, decode);
        }
      }
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /**
   * @param perSecond tokens per second
   * @param perProcessorSecond tokens per second of processor time
   */
  private record Rate(double perSecond, double perProcessorSecond) {

    interface Work {
      void run() throws Exception;
    }

    static Rate of(int tokens, Work work) throws Exception {
      long processor = SYSTEM.getProcessCpuTime();
      long begin = System.nanoTime();
      work.run();
      double busy = (SYSTEM.getProcessCpuTime() - processor) / 1e9;
      return new Rate(tokens / seconds(begin), tokens / busy);
    }

    @Override
    public String toString() {
      return "%.2f tok/s (%.2f per processor second)".formatted(perSecond, perProcessorSecond);
    }
  }
}
