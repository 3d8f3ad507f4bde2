package dev.brigade.model.template;

import java.util.List;

/** Statements one after the other; names the line of what fails. */
record Body(List<Located> statements) implements Statement {

  record Located(Statement statement, int line) {}

  @Override
  public Flow run(Scope scope, Output out) {
    for (Located located : statements) {
      scope.render().spendStep();
      try {
        Flow flow = located.statement().run(scope, out);
        if (flow != Flow.NEXT) {
          return flow;
        }
      } catch (TemplateException failure) {
        throw failure.at(located.line());
      }
    }
    return Flow.NEXT;
  }
}
