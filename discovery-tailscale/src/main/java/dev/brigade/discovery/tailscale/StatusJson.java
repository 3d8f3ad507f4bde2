package dev.brigade.discovery.tailscale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads what the local API and {@code tailscale status --json} answer: Tailscale's {@code
 * ipnstate.Status}, of which the fields used here have been there since version 1.20.
 */
final class StatusJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StatusJson() {}

  /**
   * The tailnet.
   *
   * @throws TailscaleTrouble if the daemon is not connected, or the text is no such status
   */
  static Tailnet parse(byte[] text) throws TailscaleTrouble {
    JsonNode status = tree(text);
    checkState(status);
    JsonNode self = status.path("Self");
    List<Device> devices = new ArrayList<>();
    for (JsonNode peer : status.path("Peer")) {
      devices.add(device(peer));
    }
    return new Tailnet(Set.copyOf(addresses(self)), devices);
  }

  private static JsonNode tree(byte[] text) throws TailscaleTrouble {
    try {
      JsonNode tree = JSON.readTree(text);
      if (tree.path("BackendState").isTextual()) {
        return tree;
      }
    } catch (IOException e) {
      throw TailscaleTrouble.unanswered(
          "the Tailscale daemon's status is no JSON (" + e.getMessage() + "); update Tailscale");
    }
    throw TailscaleTrouble.unanswered(
        "the Tailscale daemon's status has no BackendState; update Tailscale");
  }

  private static void checkState(JsonNode status) throws TailscaleTrouble {
    String state = status.path("BackendState").asText();
    String advice =
        switch (state) {
          case "Running" -> "";
          case "NeedsLogin" -> "Tailscale is logged out; " + login(status);
          case "NeedsMachineAuth" ->
              "Tailscale waits for this machine to be approved; approve it in the admin console";
          case "Stopped" -> "Tailscale is stopped; run: tailscale up";
          case "InUseOtherUser" ->
              "Tailscale is in use by another user of this machine; log that user out of it";
          case "Starting", "NoState" -> "Tailscale is still starting; wait, or run: tailscale up";
          default -> "Tailscale is in state " + state + ", not Running; see: tailscale status";
        };
    if (!advice.isEmpty()) {
      throw TailscaleTrouble.disconnected(advice);
    }
  }

  private static String login(JsonNode status) {
    String url = status.path("AuthURL").asText("");
    return "run: tailscale up" + (url.isEmpty() ? "" : ", or visit " + url);
  }

  private static Device device(JsonNode peer) {
    String name = peer.path("HostName").asText("");
    boolean online = peer.path("Online").asBoolean(false);
    List<String> tags = Texts.in(peer.path("Tags"));
    return new Device(name, addresses(peer), online, Set.copyOf(tags));
  }

  private static List<InetAddress> addresses(JsonNode peer) {
    return Texts.addresses(Texts.in(peer.path("TailscaleIPs")));
  }
}
