package dev.brigade.transport.vertx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jgroups.logging.CustomLogFactory;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;
import org.jgroups.protocols.TP;

/**
 * JGroups' log, by way of {@link System.Logger}, a step quieter: what JGroups tells at INFO is
 * nothing an operator of Brigade wants to read, its warnings tell of what it mends by itself, and
 * its transport's errors of peers that have gone. {@link Log} has one method per level and argument
 * list, hence the proxy.
 */
final class QuietLog implements InvocationHandler {
  private static final Map<String, Level> LEVELS =
      Map.of(
          "fatal", Level.ERROR,
          "error", Level.WARNING,
          "warn", Level.DEBUG,
          "info", Level.DEBUG,
          "debug", Level.TRACE,
          "trace", Level.TRACE);

  private final Logger logger;
  private final boolean mostlyGonePeers;

  private QuietLog(Logger logger, boolean mostlyGonePeers) {
    this.logger = logger;
    this.mostlyGonePeers = mostlyGonePeers;
  }

  /** For all of this JVM, unless the program has its own idea of JGroups' log. */
  static void install() {
    if (LogFactory.getCustomLogFactory() == null) {
      LogFactory.setCustomLogFactory(
          new CustomLogFactory() {
            @Override
            public Log getLog(Class<?> type) {
              return log(type.getName(), TP.class.isAssignableFrom(type));
            }

            @Override
            public Log getLog(String category) {
              return log(category, false);
            }
          });
    }
  }

  private static Log log(String name, boolean mostlyGonePeers) {
    QuietLog quiet = new QuietLog(System.getLogger(name), mostlyGonePeers);
    return (Log)
        Proxy.newProxyInstance(Log.class.getClassLoader(), new Class<?>[] {Log.class}, quiet);
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) {
    String name = method.getName();
    Class<?> result = method.getReturnType();
    if (result == boolean.class) {
      // isWarnEnabled and its like
      return level(name.substring(2, name.length() - "Enabled".length()))
          .map(logger::isLoggable)
          .orElse(false);
    }
    if (result == String.class) {
      return "org.jgroups by way of System.Logger";
    }
    level(name.replace("failSafe", ""))
        .filter(logger::isLoggable)
        .ifPresent(level -> log(level, arguments));
    return null;
  }

  private Optional<Level> level(String name) {
    String method = name.toLowerCase(Locale.ROOT);
    return mostlyGonePeers && method.equals("error")
        ? Optional.of(Level.DEBUG)
        : Optional.ofNullable(LEVELS.get(method));
  }

  private void log(Level level, Object[] arguments) {
    String text = String.valueOf(arguments[0]);
    if (arguments.length == 1) {
      logger.log(level, () -> text);
    } else if (arguments[1] instanceof Throwable cause) {
      logger.log(level, () -> text, cause);
    } else {
      logger.log(level, () -> String.format(text, (Object[]) arguments[1]));
    }
  }
}
