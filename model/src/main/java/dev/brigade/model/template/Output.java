package dev.brigade.model.template;

/** Where statements print to: the rendered text, or what a macro or block captures. */
final class Output {
  private final StringBuilder text = new StringBuilder();
  private final Render render;

  Output(Render render) {
    this.render = render;
  }

  void print(String part) {
    render.spendText(part.length());
    text.append(part);
  }

  String text() {
    return text.toString();
  }
}
