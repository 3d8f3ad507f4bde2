package dev.brigade.engine.djl;

import static dev.brigade.engine.djl.ScriptText.call;
import static dev.brigade.engine.djl.ScriptText.flag;
import static dev.brigade.engine.djl.ScriptText.number;

import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The statements of a script's {@code run} method while they are noted. What all layers need alike
 * (rotations, masks) is computed once per pass, ahead of the layers.
 */
final class ScriptBody {
  private final String device;
  private final Map<Operand, Integer> operands = new LinkedHashMap<>();
  private final Map<RopeSpec, Rotation> rotations = new HashMap<>();
  private final Map<String, String> masks = new HashMap<>();
  private final Map<String, String> casts = new HashMap<>();
  private final Map<Activation, Integer> activations = new LinkedHashMap<>();
  private final List<String> ahead = new ArrayList<>();
  private final List<String> statements = new ArrayList<>();
  private final StringBuilder methods = new StringBuilder();
  private int names;

  /**
   * @param device as PyTorch spells it
   */
  ScriptBody(String device) {
    this.device = device;
  }

  /** Cosines, signed sines, and every column's partner, as variables. */
  record Rotation(String cos, String sin, String partner) {}

  /** Notes {@code expression}; gives the variable that holds it. */
  String assign(String expression) {
    String name = "v" + names++;
    statements.add(name + " = " + expression);
    return name;
  }

  /** A variable in another element type; the same one when asked again. */
  String cast(String name, DType type) {
    return casts.computeIfAbsent(
        name + type, key -> assign(call("%s.to(dtype=%d)", name, TorchType.code(type))));
  }

  String weight(Weight weight, DType type) {
    return operand(new Operand.Loaded(weight, type));
  }

  String operand(Operand operand) {
    return "w[" + operands.computeIfAbsent(operand, key -> operands.size()) + "]";
  }

  /** The number of the methods that run experts with this activation. */
  int experts(Activation activation, boolean widen) {
    return activations.computeIfAbsent(
        activation,
        key -> {
          methods.append(ExpertsScript.methods(activations.size(), activation, widen));
          return activations.size();
        });
  }

  /** The variable that lists every slice's mask. */
  String masks(int window, DType type, boolean triangles) {
    String arguments = call("%d, %d, %s", window, TorchType.code(type), flag(triangles));
    return masks.computeIfAbsent(
        arguments, key -> ahead(call("self.masks(plan, %s, device)", arguments)));
  }

  Rotation rotation(RopeSpec spec) {
    return rotations.computeIfAbsent(spec, this::rotate);
  }

  private Rotation rotate(RopeSpec spec) {
    String angles;
    String magnitude;
    float own = spec.rotation().magnitude();
    String frequencies = operand(new Operand.Floats(spec.rotation().frequencies()));
    if (spec.beyond().isPresent()) {
      RopeSpec.Beyond beyond = spec.beyond().get();
      float other = beyond.rotation().magnitude();
      int limit = beyond.promptLength();
      String others = operand(new Operand.Floats(beyond.rotation().frequencies()));
      angles = ahead(call("self.angles(positions, plan, %s, %s, %d)", frequencies, others, limit));
      magnitude =
          ahead(
              call("self.magnitudes(plan, %s, %s, %d, device)", number(own), number(other), limit));
    } else {
      angles = ahead(call("torch.mul(positions, %s)", frequencies));
      magnitude = number(own);
    }
    String cos = ahead(call("torch.mul(torch.cos(%s), %s)", angles, magnitude));
    String sin = ahead(call("torch.mul(torch.sin(%s), %s)", angles, magnitude));
    int rotated = 2 * spec.rotation().frequencies().size();
    String layout =
        call(
            "%s, %d, %d",
            flag(spec.pairing() == RopeSpec.Pairing.INTERLEAVED),
            spec.offset(),
            spec.headWidth() - spec.offset() - rotated);
    return new Rotation(
        ahead(call("self.spread(%s, %s, %s, 1.0)", cos, cos, layout)),
        ahead(call("self.spread(torch.neg(%s), %s, %s, 0.0)", sin, sin, layout)),
        operand(new Operand.Columns(partners(spec))));
  }

  /** For every column of a head, the one that it is mixed with; itself where nothing rotates. */
  private static List<Long> partners(RopeSpec spec) {
    int pairs = spec.rotation().frequencies().size();
    List<Long> partners = new ArrayList<>();
    for (long column = 0; column < spec.headWidth(); column++) {
      long at = column - spec.offset();
      if (at < 0 || at >= 2L * pairs) {
        partners.add(column);
      } else if (spec.pairing() == RopeSpec.Pairing.HALVES) {
        partners.add(at < pairs ? column + pairs : column - pairs);
      } else {
        partners.add(at % 2 == 0 ? column + 1 : column - 1);
      }
    }
    return partners;
  }

  private String ahead(String expression) {
    String name = "a" + names++;
    ahead.add(name + " = " + expression);
    return name;
  }

  List<Operand> operands() {
    return List.copyOf(operands.keySet());
  }

  /**
   * The method {@code run(input, plan, out)} and those that it needs of its own.
   *
   * @param entry expression that makes the input ready, assigned to {@code x}
   * @param result variable whose value is delivered
   */
  String methods(String entry, String result) {
    StringBuilder text = new StringBuilder(methods);
    text.append(
        "  def run(self: __torch__.Brigade, input: Tensor, plan: List[int], out: Tensor)"
            + " -> NoneType:\n");
    line(text, "w = self.w");
    line(text, call("device = torch.device(\"%s\")", device));
    if (!rotations.isEmpty()) {
      line(text, "positions = self.positions(plan, device)");
    }
    ahead.forEach(statement -> line(text, statement));
    line(text, "x = " + entry);
    statements.forEach(statement -> line(text, statement));
    line(text, call("self.deliver(%s, out)", result));
    line(text, "return None");
    return text.toString();
  }

  private static void line(StringBuilder text, String statement) {
    text.append("    ").append(statement).append('\n');
  }
}
