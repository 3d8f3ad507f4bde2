package dev.brigade.model.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** What can be assigned to: a name, a namespace's attribute, or a tuple of these. */
sealed interface Target {

  void assign(Scope scope, Object value);

  /** The plain names that an assignment sets. */
  List<String> names();

  static Optional<Target> of(Expression written) {
    if (written instanceof Expressions.Name name) {
      return Optional.of(new Variable(name.name()));
    } else if (written instanceof Expressions.NamespaceAttribute reference) {
      return Optional.of(new Attribute(reference.namespace(), reference.attribute()));
    } else if (written instanceof Expressions.TupleOf tuple) {
      List<Target> targets = new ArrayList<>();
      for (Expression item : tuple.items()) {
        Optional<Target> target = of(item);
        if (target.isEmpty()) {
          return Optional.empty();
        }
        targets.add(target.get());
      }
      return Optional.of(new Several(targets));
    }
    return Optional.empty();
  }

  record Variable(String name) implements Target {
    @Override
    public void assign(Scope scope, Object value) {
      scope.set(name, value);
    }

    @Override
    public List<String> names() {
      return List.of(name);
    }
  }

  record Attribute(String namespace, String attribute) implements Target {
    @Override
    public void assign(Scope scope, Object value) {
      if (!(scope.get(namespace) instanceof Namespace target)) {
        throw TemplateException.value("cannot assign attribute on non-namespace object");
      }
      target.attributes().put(attribute, value);
    }

    @Override
    public List<String> names() {
      return List.of();
    }
  }

  record Several(List<Target> targets) implements Target {
    @Override
    public void assign(Scope scope, Object value) {
      if (!Sequences.isIterable(value)) {
        throw TemplateException.value(
            "cannot unpack non-iterable " + Types.name(value) + " object");
      }
      Iterator<Object> values = Sequences.iterator(value);
      List<Object> unpacked = new ArrayList<>(targets.size());
      while (values.hasNext() && unpacked.size() < targets.size()) {
        unpacked.add(values.next());
      }
      if (unpacked.size() < targets.size()) {
        throw TemplateException.value(
            "not enough values to unpack (expected %d, got %d)"
                .formatted(targets.size(), unpacked.size()));
      } else if (values.hasNext()) {
        throw TemplateException.value(
            "too many values to unpack (expected " + targets.size() + ")");
      }
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(scope, unpacked.get(i));
      }
    }

    @Override
    public List<String> names() {
      return targets.stream().flatMap(target -> target.names().stream()).toList();
    }
  }
}
