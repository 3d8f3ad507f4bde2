package dev.brigade.model.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** jinja2's {@code namespace()}: the one value whose attributes a template may set. */
final class Namespace {
  private final Map<String, Object> attributes = new LinkedHashMap<>();

  Map<String, Object> attributes() {
    return attributes;
  }
}
