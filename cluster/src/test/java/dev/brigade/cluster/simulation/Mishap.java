package dev.brigade.cluster.simulation;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** What can befall a cluster. The nodes on the seats of {@link #ENTRIES} stay alive. */
enum Mishap {
  KILL {
    @Override
    void befall(Simulation simulation, Random random) {
      expendable(simulation, random).ifPresent(simulation::kill);
    }
  },
  RESTART {
    @Override
    void befall(Simulation simulation, Random random) {
      Duration after = upTo(Duration.ofSeconds(4), random);
      expendable(simulation, random).ifPresent(seat -> simulation.restart(seat, after));
    }
  },
  SLEEP {
    @Override
    void befall(Simulation simulation, Random random) {
      simulation.sleep(any(simulation, random), upTo(LONGEST, random));
    }
  },
  /** One direction of one link is cut. */
  DEAFNESS {
    @Override
    void befall(Simulation simulation, Random random) {
      int from = any(simulation, random);
      int to = any(simulation, random);
      if (from != to) {
        simulation.deafen(from, to, shortOrForGood(random));
      }
    }
  },
  /** One link is cut. */
  CUT {
    @Override
    void befall(Simulation simulation, Random random) {
      int one = any(simulation, random);
      int other = any(simulation, random);
      Duration time = shortOrForGood(random);
      if (one != other) {
        simulation.deafen(one, other, time);
        simulation.deafen(other, one, time);
      }
    }
  },
  /** Two parts that do not hear each other. */
  PARTITION {
    @Override
    void befall(Simulation simulation, Random random) {
      Set<Integer> seats = new HashSet<>();
      IntStream.range(0, simulation.nodes().size())
          .filter(seat -> random.nextBoolean())
          .forEach(seats::add);
      simulation.part(seats, upTo(LONGEST, random));
    }
  },
  JOIN {
    @Override
    void befall(Simulation simulation, Random random) {
      simulation.join();
    }
  },
  DRAIN {
    @Override
    void befall(Simulation simulation, Random random) {
      Duration limit = upTo(Duration.ofSeconds(10), random);
      expendable(simulation, random).ifPresent(seat -> simulation.drain(seat, limit));
    }
  };

  static final int ENTRIES = 2;
  private static final Duration LONGEST = Duration.ofSeconds(12);

  abstract void befall(Simulation simulation, Random random);

  private static Duration upTo(Duration longest, Random random) {
    return Duration.ofMillis(1 + (long) (random.nextDouble() * longest.toMillis()));
  }

  /** A link between two that others reach may stay cut, and nobody has to wait for it. */
  private static Duration shortOrForGood(Random random) {
    return random.nextInt(3) == 0 ? Duration.ofMinutes(30) : upTo(LONGEST, random);
  }

  private static int any(Simulation simulation, Random random) {
    return random.nextInt(simulation.nodes().size());
  }

  private static OptionalInt expendable(Simulation simulation, Random random) {
    List<SimulatedNode> living = simulation.living();
    int[] seats =
        IntStream.range(ENTRIES, simulation.nodes().size())
            .filter(seat -> living.contains(simulation.nodes().get(seat)))
            .toArray();
    return seats.length == 0
        ? OptionalInt.empty()
        : OptionalInt.of(seats[random.nextInt(seats.length)]);
  }
}
