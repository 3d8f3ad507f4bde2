package dev.brigade.model.template;

/** A chat template that cannot be parsed or rendered: what is wrong, and on which line. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What kind of thing went wrong. */
  public enum Kind {
    /** The template is not valid in the dialect. */
    SYNTAX,
    /** The template itself refused the conversation with {@code raise_exception}. */
    RAISED,
    /** A variable or attribute that does not exist was used as if it did. */
    UNDEFINED,
    /** An operation, filter or call got a value it cannot work on. */
    VALUE,
    /** The sandbox forbids what the template tried. */
    SECURITY,
    /** The render needed more work, memory or nesting than a template may use. */
    LIMIT
  }

  private final Kind kind;
  private final String detail;
  private final int line;

  TemplateException(Kind kind, String detail) {
    this(kind, detail, 0);
  }

  TemplateException(Kind kind, String detail, int line) {
    super(line > 0 ? "chat template, line " + line + ": " + detail : "chat template: " + detail);
    this.kind = kind;
    this.detail = detail;
    this.line = line;
  }

  static TemplateException value(String detail) {
    return new TemplateException(Kind.VALUE, detail);
  }

  /** What kind of thing went wrong. */
  public Kind kind() {
    return kind;
  }

  /**
   * The cause alone, without the line: for {@link Kind#RAISED} exactly what the template passed to
   * {@code raise_exception}.
   */
  public String detail() {
    return detail;
  }

  /** The line of the template, counted from 1; 0 when no line can be named. */
  public int line() {
    return line;
  }

  TemplateException at(int line) {
    if (this.line > 0) {
      return this;
    }
    TemplateException located = new TemplateException(kind, detail, line);
    located.initCause(getCause());
    located.setStackTrace(getStackTrace());
    return located;
  }
}
