package dev.brigade.launcher.plugins;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles a plugin as an outsider would, with nothing but the SPI, and packs it into a jar. */
public final class PluginJar {
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, String> files = new LinkedHashMap<>();
  private String version = "";

  /** Adds a class by its full name. */
  public PluginJar source(String className, String code) {
    sources.put(className, code);
    return this;
  }

  /** Names a provider. */
  public PluginJar service(Class<?> service, String providerClass) {
    files.merge("META-INF/services/" + service.getName(), providerClass + "\n", String::concat);
    return this;
  }

  /** Sets the version that the manifest states. */
  public PluginJar version(String text) {
    version = text;
    return this;
  }

  /** Writes the jar. */
  public void write(Path jar) throws Exception {
    Files.createDirectories(jar.getParent());
    Path classes = Files.createTempDirectory(jar.getParent().getParent(), "classes");
    compile(classes);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!version.isEmpty()) {
      manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    }
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        Stream<Path> compiled = Files.walk(classes)) {
      for (Path path : compiled.filter(Files::isRegularFile).toList()) {
        add(out, classes.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
      }
      for (Map.Entry<String, String> extra : files.entrySet()) {
        add(out, extra.getKey(), extra.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private static void add(JarOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(bytes);
    out.closeEntry();
  }

  private void compile(Path classes) throws IOException, URISyntaxException {
    if (sources.isEmpty()) {
      return;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    URI spi =
        dev.brigade.spi.Provider.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    List<String> options =
        List.of("-proc:none", "-d", classes.toString(), "-cp", Path.of(spi).toString());
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((name, code) -> units.add(new Source(name, code)));
    StringWriter log = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      if (!compiler.getTask(log, manager, null, options, null, units).call()) {
        throw new IllegalStateException("the plugin does not compile:\n" + log);
      }
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String code;

    Source(String className, String code) {
      super(URI.create("string:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
      this.code = code;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }
  }
}
