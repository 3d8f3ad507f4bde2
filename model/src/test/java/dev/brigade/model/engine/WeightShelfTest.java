package dev.brigade.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WeightShelfTest {
  private final List<String> freed = new ArrayList<>();
  private final MemoryBudget budget = new MemoryBudget(OptionalLong.of(10), () -> Long.MAX_VALUE);
  private final WeightShelf<String, AutoCloseable> shelf =
      new WeightShelf<>(budget, key -> key.length());

  private AutoCloseable tensor(String key) {
    return () -> freed.add(key);
  }

  @Test
  void aWeightIsReadOnceAndFreedWithItsLastUser() throws EngineException {
    AutoCloseable first = shelf.borrow("norm", this::tensor);
    assertThat(shelf.borrow("norm", this::tensor)).isSameAs(first);
    assertThat(budget.used()).isEqualTo(4);
    shelf.giveBack("norm");
    assertThat(freed).isEmpty();
    shelf.giveBack("norm");
    assertThat(freed).containsExactly("norm");
    assertThat(budget.used()).isZero();
    assertThat(shelf.size()).isZero();
  }

  @Test
  void onlyMissingWeightsCountAndEachOnce() throws EngineException {
    shelf.borrow("norm", this::tensor);
    assertThat(shelf.missingBytes(List.of("norm", "table", "table"))).isEqualTo(5);
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheSum() {
    assertThatThrownBy(() -> shelf.borrow("a large weight", this::tensor))
        .isInstanceOfSatisfying(
            InsufficientMemoryException.class,
            e -> {
              assertThat(e.neededBytes()).isEqualTo(14);
              assertThat(e.availableBytes()).isEqualTo(10);
            });
    assertThat(budget.used()).isZero();
  }

  @Test
  void aWeightThatCannotBeReadTakesNothing() {
    assertThatThrownBy(
            () ->
                shelf.borrow(
                    "norm",
                    key -> {
                      throw new EngineException.BadModel("no " + key);
                    }))
        .isInstanceOf(EngineException.BadModel.class);
    assertThat(budget.used()).isZero();
    assertThat(shelf.size()).isZero();
  }
}
