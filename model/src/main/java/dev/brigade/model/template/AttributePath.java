package dev.brigade.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code attribute} of filters: a path like {@code "function.name"} or {@code "pair.0"}. */
record AttributePath(List<Object> steps, Optional<Object> absent, boolean ignoresCase) {

  /** The path that None and absence stand for: the element itself. */
  static final AttributePath SELF = new AttributePath(List.of(), Optional.empty(), false);

  static AttributePath of(Object attribute) {
    if (attribute == None.NONE) {
      return SELF;
    } else if (!(attribute instanceof CharSequence)) {
      return new AttributePath(List.of(attribute), Optional.empty(), false);
    }
    List<Object> steps = new ArrayList<>();
    for (String part : attribute.toString().split("\\.", -1)) {
      boolean isIndex = !part.isEmpty() && part.chars().allMatch(Character::isDigit);
      steps.add(isIndex ? new BigInteger(part) : part);
    }
    return new AttributePath(steps, Optional.empty(), false);
  }

  /** Several paths with commas between them. */
  static List<AttributePath> several(Object attribute) {
    if (!(attribute instanceof CharSequence)) {
      return List.of(of(attribute));
    }
    List<AttributePath> paths = new ArrayList<>();
    for (String path : attribute.toString().split(",", -1)) {
      paths.add(of(path));
    }
    return paths;
  }

  /** The same path, giving this value where it leads nowhere. */
  AttributePath orElse(Object value) {
    return new AttributePath(
        steps, value == None.NONE ? Optional.empty() : Optional.of(value), ignoresCase);
  }

  AttributePath ignoringCase(boolean ignored) {
    return new AttributePath(steps, absent, ignored);
  }

  Object follow(Render render, Object element) {
    render.spendStep();
    Object value = element;
    for (Object step : steps) {
      value = Subscript.item(render, value, step);
      if (absent.isPresent() && value instanceof Undefined) {
        value = absent.get();
      }
    }
    return ignoresCase && value instanceof CharSequence ? Casing.lower(value.toString()) : value;
  }
}
