package dev.brigade.engine.onnx;

import dev.brigade.model.engine.CachedSequence;
import dev.brigade.model.engine.OpenSequences;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Divides a pass into native calls. Attention takes several sequences at once only with one row
 * each, and only if their caches lie side by side: single rows of one slab run together, and slots
 * between them that have no row are given one that nobody looks at. All else runs sequence by
 * sequence.
 */
final class CallPlan {
  private final OpenSequences<KvSlot> sequences;
  private final int most;
  private final List<Call> calls = new ArrayList<>();
  private final Map<Sequence, Integer> counts = new IdentityHashMap<>();

  private CallPlan(OpenSequences<KvSlot> sequences, int most) {
    this.sequences = sequences;
    this.most = most;
  }

  /** A slice and where its rows are. */
  private record Placed(Slice slice, CachedSequence<KvSlot> sequence, int from, int outputsFrom) {
    KvSlot slot() {
      return sequence.cache();
    }
  }

  private record Together(KvSlab slab, List<Boolean> rotation) {}

  /**
   * Makes the calls for a pass.
   *
   * @param sequences of the shard
   * @param most rows of one call, if it has more than one for a sequence
   */
  static List<Call> of(OpenSequences<KvSlot> sequences, List<Slice> slices, int most) {
    CallPlan plan = new CallPlan(sequences, most);
    plan.add(plan.place(slices));
    return plan.calls;
  }

  private List<Placed> place(List<Slice> slices) {
    List<Placed> placed = new ArrayList<>();
    int from = 0;
    int outputsFrom = 0;
    for (Slice slice : slices) {
      placed.add(new Placed(slice, sequences.get(slice.sequence()), from, outputsFrom));
      from += slice.count();
      outputsFrom += slice.outputs();
    }
    return placed;
  }

  private void add(List<Placed> slices) {
    Map<Together, List<Placed>> singles = new LinkedHashMap<>();
    for (Placed placed : slices) {
      counts.put(placed.sequence(), placed.slice().count());
      if (placed.slice().count() == 1) {
        Together key = new Together(placed.slot().slab(), placed.slot().rotation());
        singles.computeIfAbsent(key, k -> new ArrayList<>()).add(placed);
      }
    }
    singles.values().forEach(this::together);
    slices.stream().filter(placed -> placed.slice().count() > 1).forEach(this::alone);
  }

  private void alone(Placed placed) {
    int count = placed.slice().count();
    int silent = count - placed.slice().outputs();
    KvSlot slot = placed.slot();
    for (int done = 0; done < count; done += most) {
      int end = Math.min(count, done + most);
      int firstOutput = Math.max(done, silent);
      calls.add(
          new Call(
              slot.slab(),
              slot.number(),
              new int[] {placed.sequence().length() + done},
              end - done,
              slot.rotation(),
              range(placed.from() + done, placed.from() + end),
              range(firstOutput - done, end - done),
              range(
                  placed.outputsFrom() + firstOutput - silent,
                  placed.outputsFrom() + end - silent)));
    }
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private void together(List<Placed> singles) {
    KvSlab slab = singles.get(0).slot().slab();
    List<Placed> bySlot =
        singles.stream().sorted(Comparator.comparing(placed -> placed.slot().number())).toList();
    int first = bySlot.get(0).slot().number();
    int slots = bySlot.get(bySlot.size() - 1).slot().number() - first + 1;
    int[] starts = new int[slots];
    int[] rows = new int[slots];
    Arrays.fill(rows, Call.NONE);
    for (CachedSequence<KvSlot> sequence : sequences.all()) {
      int i = sequence.cache().number() - first;
      if (sequence.cache().slab() == slab && i >= 0 && i < slots) {
        // Beyond all that it has or gets in this pass: there is always room for one.
        starts[i] = lengthAfterPass(sequence);
      }
    }
    List<int[]> outputs = new ArrayList<>();
    for (Placed placed : bySlot) {
      int i = placed.slot().number() - first;
      starts[i] = placed.sequence().length();
      rows[i] = placed.from();
      if (placed.slice().outputs() == 1) {
        outputs.add(new int[] {i, placed.outputsFrom()});
      }
    }
    calls.add(
        new Call(
            slab,
            first,
            starts,
            1,
            bySlot.get(0).slot().rotation(),
            rows,
            outputs.stream().mapToInt(output -> output[0]).toArray(),
            outputs.stream().mapToInt(output -> output[1]).toArray()));
  }

  private int lengthAfterPass(Sequence sequence) {
    return sequence.length() + counts.getOrDefault(sequence, 0);
  }
}
