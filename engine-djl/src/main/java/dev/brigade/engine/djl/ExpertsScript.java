package dev.brigade.engine.djl;

import static dev.brigade.engine.djl.ScriptText.call;
import static dev.brigade.engine.djl.ScriptText.number;

import dev.brigade.model.decoder.Activation;

/** The two methods that run experts with one activation, which the text has built in. */
final class ExpertsScript {
  private static final String TEMPLATE = ScriptText.resource("experts.torchscript");

  private ExpertsScript() {}

  /**
   * @param number tells the methods of several activations apart
   * @param widen whether to leave the weights' type within the activation, so that nothing
   *     overflows
   */
  static String methods(int number, Activation activation, boolean widen) {
    String wide = widen ? "gate = gate.to(dtype=6)\n    up = up.to(dtype=6)\n    " : "";
    return TEMPLATE
        .replace("${NUMBER}", Integer.toString(number))
        .replace("${ACTIVATION}", wide + "inner = " + inner(activation));
  }

  private static String inner(Activation activation) {
    if (activation instanceof Activation.Swiglu) {
      return "torch.mul(torch.silu(gate), up)";
    } else if (activation instanceof Activation.Geglu) {
      return "torch.mul(torch.gelu(gate, approximate=\"tanh\"), up)";
    }
    Activation.ClampedSwiglu clamped = (Activation.ClampedSwiglu) activation;
    String limit = number(clamped.limit());
    String g = call("torch.clamp(gate, None, %s)", limit);
    String u = call("torch.clamp(up, -%s, %s)", limit, limit);
    String glu =
        call("torch.mul(%s, torch.sigmoid(torch.mul(%s, %s)))", g, g, number(clamped.alpha()));
    return call("torch.mul(torch.add(%s, 1), %s)", u, glu);
  }
}
