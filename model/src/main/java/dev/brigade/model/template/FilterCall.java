package dev.brigade.model.template;

/** One {@code |name(arguments)}. */
record FilterCall(String name, CallArguments arguments) {

  Object apply(Scope scope, Object input) {
    scope.render().spendStep();
    return Filters.apply(scope.render(), name, input, arguments.evaluate(scope));
  }
}
