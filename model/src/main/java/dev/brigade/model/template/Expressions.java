package dev.brigade.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds of expression, each of which knows how to evaluate itself. */
final class Expressions {
  private Expressions() {}

  record Constant(Object value) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return value;
    }
  }

  record Name(String name) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return scope.get(name);
    }
  }

  /** {@code namespace.attribute} where something is assigned. */
  record NamespaceAttribute(String namespace, String attribute) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return Attributes.get(scope.get(namespace), attribute);
    }
  }

  record TupleOf(List<Expression> items) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return Tuple.copyOf(all(items, scope));
    }
  }

  record ListOf(List<Expression> items) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return all(items, scope);
    }
  }

  private static List<Object> all(List<Expression> items, Scope scope) {
    scope.render().spendElements(items.size());
    List<Object> values = new ArrayList<>(items.size());
    for (Expression item : items) {
      values.add(item.evaluate(scope));
    }
    return values;
  }

  record Pair(Expression key, Expression value) {}

  record DictOf(List<Pair> pairs) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      scope.render().spendElements(pairs.size());
      Map<Object, Object> dict = new LinkedHashMap<>();
      for (Pair pair : pairs) {
        Dicts.put(dict, pair.key().evaluate(scope), pair.value().evaluate(scope));
      }
      return dict;
    }
  }

  record Attribute(Expression owner, String name) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return Attributes.get(owner.evaluate(scope), name);
    }
  }

  record Item(Expression owner, Expression key) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return Subscript.item(scope.render(), owner.evaluate(scope), key.evaluate(scope));
    }
  }

  record Slice(Expression owner, Expression start, Expression stop, Expression step)
      implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return Subscript.slice(
          scope.render(),
          owner.evaluate(scope),
          start.evaluate(scope),
          stop.evaluate(scope),
          step.evaluate(scope));
    }
  }

  record Binary(Expression left, String operator, Expression right) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      scope.render().spendStep();
      return Arithmetic.binary(
          scope.render(), left.evaluate(scope), operator, right.evaluate(scope));
    }
  }

  record Concatenation(List<Expression> parts) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      StringBuilder text = new StringBuilder();
      for (Expression part : parts) {
        String printed = PythonText.str(part.evaluate(scope));
        scope.render().spendText(printed.length());
        text.append(printed);
      }
      return text.toString();
    }
  }

  record Negative(Expression operand) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return Arithmetic.negate(operand.evaluate(scope));
    }
  }

  record Positive(Expression operand) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return Arithmetic.plus(operand.evaluate(scope));
    }
  }

  record Not(Expression operand) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return !Types.truth(operand.evaluate(scope));
    }
  }

  record And(Expression left, Expression right) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      Object value = left.evaluate(scope);
      return Types.truth(value) ? right.evaluate(scope) : value;
    }
  }

  record Or(Expression left, Expression right) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      Object value = left.evaluate(scope);
      return Types.truth(value) ? value : right.evaluate(scope);
    }
  }

  /** {@code then if condition else otherwise}. */
  record Conditional(
      Expression condition, Expression then, Optional<Expression> otherwise, int line)
      implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      if (Types.truth(condition.evaluate(scope))) {
        return then.evaluate(scope);
      }
      return otherwise.isPresent()
          ? otherwise.get().evaluate(scope)
          : Undefined.because(
              "the inline if-expression on line "
                  + line
                  + " evaluated to false and no else section was defined.");
    }
  }

  record Operand(String operator, Expression value) {}

  /** {@code a < b == c}: true when every neighbouring pair holds; stops at the first that fails. */
  record Comparisons(Expression first, List<Operand> operands) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      Object left = first.evaluate(scope);
      for (Operand operand : operands) {
        scope.render().spendStep();
        Object right = operand.value().evaluate(scope);
        if (!holds(scope.render(), left, operand.operator(), right)) {
          return false;
        }
        left = right;
      }
      return true;
    }
  }

  static boolean holds(Render render, Object left, String operator, Object right) {
    return switch (operator) {
      case "in" -> Sequences.contains(render, right, left);
      case "not in" -> !Sequences.contains(render, right, left);
      case "==", "!=" -> {
        render.spendElements(left instanceof List<?> list ? list.size() : 0);
        render.spendText(left instanceof CharSequence text ? text.length() / 8 : 0);
        yield Comparison.equal(left, right) == operator.equals("==");
      }
      default -> Comparison.ordered(left, operator, right);
    };
  }

  record Filtered(Expression input, FilterCall filter) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return filter.apply(scope, input.evaluate(scope));
    }
  }

  record Tested(Expression input, String test, CallArguments arguments) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      scope.render().spendStep();
      return Tests.holds(scope.render(), test, input.evaluate(scope), arguments.evaluate(scope));
    }
  }

  record Call(Expression callee, CallArguments arguments) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return call(scope, arguments.evaluate(scope));
    }

    Object call(Scope scope, Arguments evaluated) {
      scope.render().spendStep();
      Object value = callee.evaluate(scope);
      if (value instanceof Callable callable) {
        return callable.call(scope.render(), evaluated);
      } else if (value instanceof Undefined undefined) {
        throw undefined.failure();
      }
      throw TemplateException.value(PythonText.repr(Types.name(value)) + " object is not callable");
    }
  }
}
