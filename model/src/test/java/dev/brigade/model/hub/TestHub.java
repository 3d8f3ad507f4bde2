package dev.brigade.model.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A hub with one model on loopback, whose answers a test can spoil. */
final class TestHub implements AutoCloseable {
  static final String COMMIT = "5e7c1f3a90bd24680ace13579bdf02468ace1357";
  static final HubId ID = HubId.parse("org/tiny").orElseThrow();

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, Spoiling> spoilings = new ConcurrentHashMap<>();
  private final AtomicLong weightBytes = new AtomicLong();
  private final HttpPeer peer = new HttpPeer(this::answer);

  /** Changes the answer to a GET or HEAD of one file. */
  @FunctionalInterface
  interface Spoiling {
    /**
     * Answers in the hub's place.
     *
     * @param number of the question for this file by this method, from 0
     * @return whether it has answered
     */
    boolean answer(int number, HttpPeer.Question question, OutputStream out) throws IOException;
  }

  TestHub() {
    put("config.json", "{\"model_type\":\"llama\"}");
    put("tokenizer.json", "{}");
    put("model.safetensors", weights(300_000, 7));
    put("README.md", "# Tiny");
    put("modeling_tiny.py", "raise SystemExit('never run')");
    put("pytorch_model.bin", "pickle");
  }

  /** Bytes without a pattern that a mistake in offsets could hide behind. */
  static byte[] weights(int count, long seed) {
    byte[] bytes = new byte[count];
    new java.util.Random(seed).nextBytes(bytes);
    return bytes;
  }

  void put(String name, String text) {
    put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void put(String name, byte[] bytes) {
    files.put(name, bytes);
  }

  void remove(String name) {
    files.remove(name);
  }

  byte[] get(String name) {
    return files.get(name);
  }

  void spoil(String method, String name, Spoiling spoiling) {
    spoilings.put(method + " " + name, spoiling);
  }

  URI uri() {
    return peer.uri();
  }

  HttpPeer peer() {
    return peer;
  }

  /** Bytes of safetensors files that were sent. */
  long weightBytes() {
    return weightBytes.get();
  }

  private void answer(HttpPeer.Question question, OutputStream out) throws IOException {
    String listing = "/api/models/" + ID.repository() + "/revision/";
    String resolve = "/" + ID.repository() + "/resolve/" + COMMIT + "/";
    if (question.path().startsWith(listing)) {
      if (!isSpoilt("listing", question, out)) {
        body(question, out, listing(), Map.of());
      }
    } else if (question.path().startsWith(resolve)) {
      String name = question.path().substring(resolve.length());
      if (!isSpoilt(name, question, out)) {
        file(name, question, out);
      }
    } else {
      HttpPeer.head(out, 404, Map.of("X-Error-Code", "RepoNotFound", "Content-Length", "0"));
    }
  }

  private boolean isSpoilt(String name, HttpPeer.Question question, OutputStream out)
      throws IOException {
    Optional<Spoiling> spoiling =
        Optional.ofNullable(spoilings.get(question.method() + " " + name));
    String end = name.equals("listing") ? question.path() : "/" + name;
    int before = peer.questions(question.method(), end).size() - 1;
    return spoiling.isPresent() && spoiling.get().answer(before, question, out);
  }

  private byte[] listing() {
    ObjectNode root = new ObjectMapper().createObjectNode().put("sha", COMMIT);
    ArrayNode siblings = root.putArray("siblings");
    new TreeMap<>(files).keySet().forEach(name -> siblings.addObject().put("rfilename", name));
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Answers as a hub should. */
  void file(String name, HttpPeer.Question question, OutputStream out) throws IOException {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      HttpPeer.head(out, 404, Map.of("X-Error-Code", "EntryNotFound", "Content-Length", "0"));
    } else {
      body(question, out, bytes, Map.of("ETag", "\"" + etag(name) + "\"", "X-Repo-Commit", COMMIT));
    }
  }

  private void body(
      HttpPeer.Question question, OutputStream out, byte[] bytes, Map<String, String> further)
      throws IOException {
    Map<String, String> headers = new TreeMap<>(further);
    int from = question.from();
    if (from > 0) {
      headers.put(
          "Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
    }
    headers.put("Content-Length", String.valueOf(bytes.length - from));
    HttpPeer.head(out, from > 0 ? 206 : 200, headers);
    if (question.method().equals("GET")) {
      send(question, out, bytes, from, bytes.length);
    }
  }

  /** Sends part of a body, in pieces, and counts it. */
  void send(HttpPeer.Question question, OutputStream out, byte[] bytes, int from, int to)
      throws IOException {
    int piece = 16_384;
    for (int at = from; at < to; at += piece) {
      int count = Math.min(piece, to - at);
      out.write(bytes, at, count);
      out.flush();
      if (question.path().endsWith(".safetensors")) {
        weightBytes.addAndGet(count);
      }
    }
  }

  /** SHA-256 for weights, as for all large files; git's SHA-1 for others. */
  String etag(String name) {
    byte[] bytes = files.get(name);
    if (name.endsWith(".safetensors")) {
      return hex("SHA-256", bytes);
    }
    byte[] head = ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] blob = java.util.Arrays.copyOf(head, head.length + bytes.length);
    System.arraycopy(bytes, 0, blob, head.length, bytes.length);
    return hex("SHA-1", blob);
  }

  private static String hex(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    peer.close();
  }
}
