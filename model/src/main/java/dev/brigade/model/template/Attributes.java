package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code value.name}. There is no reflection: what is not listed here does not exist, and what
 * would change a list or a dict is refused as jinja2's ImmutableSandboxedEnvironment refuses it.
 */
final class Attributes {
  private static final Set<String> LIST_MUTATORS =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
  private static final Set<String> DICT_MUTATORS =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private Attributes() {}

  /** The attribute; where there is none, the item of that name; else undefined. */
  static Object get(Object owner, String name) {
    if (owner instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return find(owner, name)
        .or(() -> Subscript.strictItem(owner, name))
        .orElseGet(() -> Undefined.attribute(owner, name));
  }

  /** The attribute alone. */
  static Optional<Object> find(Object owner, String name) {
    if (name.startsWith("__") && name.endsWith("__") && name.length() > 4) {
      return Optional.of(Undefined.unsafe(owner, name));
    } else if (owner instanceof CharSequence) {
      return StringMethods.bind(owner, name);
    } else if (owner instanceof Map<?, ?> map) {
      return DICT_MUTATORS.contains(name)
          ? Optional.of(Undefined.unsafe(owner, name))
          : DictMethods.bind(map, name);
    } else if (owner instanceof Tuple tuple && tuple.field(name) >= 0) {
      return Optional.of(tuple.get(tuple.field(name)));
    } else if (owner instanceof List<?> list) {
      boolean mutable = !(owner instanceof Tuple) && !(owner instanceof Range);
      return mutable && LIST_MUTATORS.contains(name)
          ? Optional.of(Undefined.unsafe(owner, name))
          : ListMethods.bind(list, name);
    } else if (owner instanceof Namespace namespace) {
      return Optional.ofNullable(namespace.attributes().get(name));
    } else if (owner instanceof Loop loop) {
      return loop.attribute(name);
    } else if (owner instanceof Macro macro) {
      return macro.attribute(name);
    } else if (Types.isNumber(owner)) {
      return ofNumber(owner, name);
    }
    return Optional.empty();
  }

  private static Optional<Object> ofNumber(Object number, String name) {
    Optional<BigInteger> integer = Types.asInteger(number);
    return switch (name) {
      case "real" -> Optional.of(integer.isPresent() ? integer.get() : number);
      case "imag" -> Optional.of(integer.isPresent() ? BigInteger.ZERO : (Object) 0.0);
      case "numerator" -> integer.map(i -> i);
      case "denominator" -> integer.map(i -> BigInteger.ONE);
      case "bit_length" ->
          integer.map(
              i ->
                  Callable.builtin(
                      name, (render, arguments) -> BigInteger.valueOf(i.abs().bitLength())));
      case "is_integer" ->
          Optional.of(
              Callable.builtin(
                  name,
                  (render, arguments) ->
                      integer.isPresent()
                          || Math.rint(Types.asDouble(number)) == Types.asDouble(number)));
      default -> Optional.empty();
    };
  }
}
