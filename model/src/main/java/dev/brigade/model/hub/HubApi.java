package dev.brigade.model.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.spi.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The questions that a hub answers, by the addresses that Hugging Face's own client uses. */
final class HubApi {
  private static final int MOST_BYTES_OF_LISTING = 64 << 20;

  private final HubSettings settings;
  private final Network network;
  private final Answers answers;

  HubApi(HubSettings settings) {
    this.settings = settings;
    network = new Network(settings);
    answers = new Answers(settings);
  }

  /** {@code GET /api/models/ORG/NAME/revision/REVISION}. */
  Listing listing(HubId id, Cancellation cancel) throws PassingFailure, HubException {
    String path = "/api/models/" + id.repository() + "/revision/" + encoded(id.revision());
    try (Reply reply = network.get(uri(path), 0, cancel)) {
      answers.require(reply, id, "listing");
      JsonNode root = new ObjectMapper().readTree(bytes(reply, cancel));
      Set<String> files = new HashSet<>();
      for (JsonNode sibling : root.path("siblings")) {
        files.add(sibling.path("rfilename").asText());
      }
      return new Listing(root.path("sha").asText(), files);
    } catch (JsonProcessingException e) {
      throw nonsense(path, "is not JSON: " + e.getOriginalMessage());
    } catch (IOException | IllegalArgumentException e) {
      throw nonsense(path, "makes no sense: " + e.getMessage());
    }
  }

  private byte[] bytes(Reply reply, Cancellation cancel) throws PassingFailure, HubException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (true) {
      Optional<List<ByteBuffer>> chunk = reply.body().next(settings.patience().stall(), cancel);
      if (chunk.isEmpty()) {
        return bytes.toByteArray();
      }
      for (ByteBuffer buffer : chunk.get()) {
        byte[] part = new byte[buffer.remaining()];
        buffer.get(part);
        bytes.writeBytes(part);
      }
      if (bytes.size() > MOST_BYTES_OF_LISTING) {
        throw nonsense(reply.uri().getPath(), "is longer than any listing");
      }
    }
  }

  /** {@code HEAD /ORG/NAME/resolve/COMMIT/FILE}: hash and size of a file. */
  RemoteFile describe(HubId id, String commit, String name, Cancellation cancel)
      throws PassingFailure, HubException {
    URI uri = file(id, commit, name);
    try (Reply reply = network.head(uri, cancel)) {
      boolean redirected = reply.status() >= 300 && reply.status() < 400;
      if (!redirected) {
        answers.require(reply, id, name);
      }
      String etag =
          reply
              .described()
              .firstValue("X-Linked-Etag")
              .or(() -> reply.header("ETag"))
              .map(RemoteFile::bareEtag)
              .orElse("");
      OptionalLong linked = Reply.number(reply.described(), "X-Linked-Size");
      // The length of an answer that only redirects is not the file's.
      OptionalLong own = redirected ? OptionalLong.empty() : reply.number("Content-Length");
      return new RemoteFile(name, etag, linked.isPresent() ? linked : own);
    } catch (IllegalArgumentException e) {
      throw nonsense(uri.getPath(), "is described wrongly: " + e.getMessage());
    }
  }

  /** {@code GET /ORG/NAME/resolve/COMMIT/FILE}, from one of its bytes on. */
  Reply content(HubId id, String commit, String name, long from, Cancellation cancel)
      throws PassingFailure, HubException {
    return network.get(file(id, commit, name), from, cancel);
  }

  /** What refusals mean. */
  Answers answers() {
    return answers;
  }

  private URI file(HubId id, String commit, String name) {
    return uri("/" + id.repository() + "/resolve/" + encoded(commit) + "/" + path(name));
  }

  private static String path(String name) {
    return Arrays.stream(name.split("/")).map(HubApi::encoded).collect(Collectors.joining("/"));
  }

  private URI uri(String path) {
    return URI.create(settings.endpoint() + path);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HubException nonsense(String path, String what) {
    return new HubException(
        HubException.Kind.BAD_CONTENT,
        "%s%s %s; is this the address of a hub?".formatted(settings.endpoint(), path, what));
  }
}
