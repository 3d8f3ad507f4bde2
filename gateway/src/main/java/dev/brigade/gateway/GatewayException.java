package dev.brigade.gateway;

/** Why the gateway cannot start; the message names the config key to change. */
public final class GatewayException extends Exception {
  GatewayException(String message, Throwable cause) {
    super(message, cause);
  }
}
