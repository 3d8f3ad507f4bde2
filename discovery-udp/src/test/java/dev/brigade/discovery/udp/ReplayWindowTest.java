package dev.brigade.discovery.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class ReplayWindowTest {

  @Property
  void nothingPassesTwice(@ForAll List<@LongRange(min = 1, max = 300) Long> sequences) {
    ReplayWindow window = new ReplayWindow();
    Set<Long> passed = new HashSet<>();
    for (long sequence : sequences) {
      if (window.accept(sequence)) {
        assertThat(passed.add(sequence)).isTrue();
      }
    }
  }

  @Example
  void whatWasOvertakenByLessThan64PassesOnce() {
    ReplayWindow window = new ReplayWindow();
    assertThat(window.accept(100)).isTrue();
    assertThat(window.accept(37)).isTrue();
    assertThat(window.accept(37)).isFalse();
    assertThat(window.accept(36)).isFalse();
    assertThat(window.accept(Long.MAX_VALUE)).isTrue();
    assertThat(window.accept(100)).isFalse();
  }
}
