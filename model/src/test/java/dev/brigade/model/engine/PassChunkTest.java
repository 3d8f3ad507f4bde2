package dev.brigade.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.engine.KvSink;
import dev.brigade.spi.engine.KvSource;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Slice;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassChunkTest {

  @Test
  void aLongSliceIsCutAndKeepsItsOutputsAtItsEnd() {
    Sequence held = new Held(5);
    List<PassChunk> chunks = PassChunk.of(List.of(new Slice(held, 10, 3)), 4);
    assertThat(chunks)
        .containsExactly(
            new PassChunk(0, 4, 0, List.of(new PassChunk.Part(held, 5, 4, 0))),
            new PassChunk(4, 8, 0, List.of(new PassChunk.Part(held, 9, 4, 1))),
            new PassChunk(8, 10, 1, List.of(new PassChunk.Part(held, 13, 2, 2))));
  }

  @Test
  void shortSlicesShareAChunk() {
    Sequence a = new Held(0);
    Sequence b = new Held(7);
    List<PassChunk> chunks = PassChunk.of(List.of(new Slice(a, 3, 0), new Slice(b, 2, 1)), 4);
    assertThat(chunks)
        .containsExactly(
            new PassChunk(
                0, 4, 0, List.of(new PassChunk.Part(a, 0, 3, 0), new PassChunk.Part(b, 7, 1, 0))),
            new PassChunk(4, 5, 0, List.of(new PassChunk.Part(b, 8, 1, 1))));
    assertThat(chunks.get(1).outputs()).isEqualTo(1);
    assertThat(chunks.get(0).rows()).isEqualTo(4);
  }

  /** A sequence of which only the length matters. */
  private record Held(int length) implements Sequence {
    @Override
    public int capacity() {
      return 100;
    }

    @Override
    public int truncate(int length) {
      return length;
    }

    @Override
    public Sequence fork(SequenceSpec spec) {
      return this;
    }

    @Override
    public void exportKv(int from, int to, KvSink sink) {}

    @Override
    public void importKv(KvSource source) {}

    @Override
    public void close() {}
  }
}
