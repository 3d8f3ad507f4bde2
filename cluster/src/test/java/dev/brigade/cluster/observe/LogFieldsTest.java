package dev.brigade.cluster.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LogFieldsTest {

  @Property(tries = 300)
  void aLineTakenApartIsWhatWasWritten(
      @ForAll String one, @ForAll long number, @ForAll String other) {
    LogFields fields =
        LogFields.none().with("request", one).with("tokens", number).with("reason", other);
    String line = fields.toString();
    assertThat(line.lines()).hasSizeLessThanOrEqualTo(1);
    assertThat(LogFields.parse(line)).contains(fields);
  }

  @Example
  void simpleValuesAreBare() {
    LogFields fields =
        LogFields.none().with("event", "opened").with("layers", "0-3").with("steps", 7);
    assertThat(fields).hasToString("event=opened layers=0-3 steps=7");
  }

  @Example
  void nobodyCanForgeALineOrAField() {
    assertThat(LogFields.none().with("reason", "x\nrequest=r1 event=\"finished\""))
        .hasToString("reason=\"x\\nrequest=r1 event=\\\"finished\\\"\"");
    assertThat(LogFields.none().with("request", "17")).hasToString("request=\"17\"");
    assertThat(LogFields.none().with("request", "")).hasToString("request=\"\"");
  }

  @Example
  void otherLinesAreNotTakenApart() {
    for (String line : new String[] {"", "plan x is ready", "a=b c", "a=\"b", "A=b", "a=b  c=d"}) {
      assertThat(LogFields.parse(line)).as(line).isEmpty();
    }
  }

  @Example
  void keysAreWords() {
    assertThatThrownBy(() -> LogFields.none().with("a b", "c"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
