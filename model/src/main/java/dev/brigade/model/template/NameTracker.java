package dev.brigade.model.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Notes, while a template is parsed, which names each scope sets before it reads them (see {@link
 * Scope#child(Set)}), and which names a macro's body reads at all. Follows jinja2's idtracking.py:
 * a name set only in some branches of an {@code if}, or known to an enclosing scope, does not count
 * as the scope's own.
 */
final class NameTracker {
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final List<Frame> closed = new ArrayList<>();
  private final Deque<Set<String>> macros = new ArrayDeque<>();
  private boolean reading = true;

  private static final class Frame {
    final List<Frame> enclosing;
    final Set<String> seen = new HashSet<>();
    final Set<String> own = new HashSet<>();
    int branches;

    Frame(Deque<Frame> enclosing) {
      this.enclosing = List.copyOf(enclosing);
    }
  }

  void pauseReading() {
    reading = false;
  }

  void resumeReading() {
    reading = true;
  }

  /** A name in an expression. */
  void read(String name) {
    if (reading) {
      readReference(name);
    }
  }

  /** The namespace in {@code namespace.attribute = …}, which is read though it is assigned to. */
  void readReference(String name) {
    frames.element().seen.add(name);
    macros.forEach(names -> names.add(name));
  }

  void write(String name) {
    Frame frame = frames.element();
    if (frame.seen.add(name) && frame.branches == 0) {
      frame.own.add(name);
    }
  }

  /** A parameter or loop variable: set before anything in the scope runs. */
  void declare(String name) {
    frames.element().seen.add(name);
  }

  void openScope() {
    frames.push(new Frame(frames));
  }

  /**
   * The names that the scope just parsed sets before it reads them; final after {@link #finish}.
   */
  Set<String> closeScope() {
    Frame frame = frames.pop();
    closed.add(frame);
    return frame.own;
  }

  /** To be called when the whole template is parsed, as a scope may use a name after inner ones. */
  void finish() {
    for (Frame frame : closed) {
      frame.enclosing.forEach(outer -> frame.own.removeAll(outer.seen));
    }
  }

  void openBranch() {
    frames.element().branches++;
  }

  void closeBranch() {
    frames.element().branches--;
  }

  void openMacro() {
    macros.push(new HashSet<>());
  }

  /** All names that the macro just parsed reads, inner ones included. */
  Set<String> closeMacro() {
    return macros.pop();
  }
}
