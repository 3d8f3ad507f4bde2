package dev.brigade.gateway.http;

import dev.brigade.cluster.RequestException;
import java.util.Optional;
import java.util.OptionalInt;

/** Why a request is refused or failed, as the client is told. */
public final class ApiError extends Exception {
  private static final String INVALID = "invalid_request_error";
  private static final String SERVER = "server_error";

  private final int status;
  private final String type;
  private final Optional<String> param;
  private final Optional<String> code;
  private final OptionalInt retryAfterSeconds;

  private ApiError(int status, String type, String param, String code, int retry, String message) {
    super(message);
    this.status = status;
    this.type = type;
    this.param = Optional.ofNullable(param);
    this.code = Optional.ofNullable(code);
    this.retryAfterSeconds = retry > 0 ? OptionalInt.of(retry) : OptionalInt.empty();
  }

  /** A request that makes no sense as it is. */
  public static ApiError invalid(String message) {
    return new ApiError(400, INVALID, null, null, 0, message);
  }

  /** A parameter that makes no sense as it is; the message names it too. */
  public static ApiError parameter(String param, String message) {
    return new ApiError(400, INVALID, param, "invalid_value", 0, message);
  }

  /** A parameter that asks for what Brigade does not do. */
  public static ApiError unsupported(String param, String message) {
    return new ApiError(400, INVALID, param, "unsupported_parameter", 0, message);
  }

  /** No key, or one that is not known. */
  public static ApiError unauthenticated(String message) {
    return new ApiError(401, INVALID, null, "invalid_api_key", 0, message);
  }

  /** A browser page of another site, or a name that should not lead here. */
  public static ApiError forbidden(String message) {
    return new ApiError(403, INVALID, null, "forbidden", 0, message);
  }

  /** A refusal by HTTP's own rules. */
  public static ApiError http(int status, String code, String message) {
    return new ApiError(status, INVALID, null, code, 0, message);
  }

  /** More answers under way than this node takes. */
  public static ApiError busy(String message) {
    return new ApiError(429, "rate_limit_error", null, "too_many_requests", 1, message);
  }

  /** The node is going away. */
  public static ApiError closing() {
    return unavailable("this node is shutting down; ask another node");
  }

  /** Not now; the same request may succeed in a moment. */
  public static ApiError unavailable(String message) {
    return new ApiError(503, SERVER, null, "unavailable", 1, message);
  }

  /** No model of that id. */
  public static ApiError unknownModel(String message) {
    return new ApiError(404, INVALID, "model", "model_not_found", 0, message);
  }

  /** A defect; what it was is in the log under this request id. */
  public static ApiError internal(String requestId) {
    return new ApiError(
        500, SERVER, null, null, 0, "internal error; the node's log tells of request " + requestId);
  }

  /** What the node could not do. */
  public static ApiError of(RequestException cause) {
    String message = cause.getMessage();
    return switch (cause.kind()) {
      case INVALID -> invalid(message);
      case CONTEXT_EXCEEDED ->
          new ApiError(400, INVALID, null, "context_length_exceeded", 0, message);
      case MODEL_NOT_FOUND -> unknownModel(message);
      case BAD_MODEL -> new ApiError(500, SERVER, "model", "bad_model", 0, message);
      case OUT_OF_MEMORY -> new ApiError(503, SERVER, null, "out_of_memory", 5, message);
      case UNAVAILABLE -> unavailable(message);
      case INTERNAL -> new ApiError(500, SERVER, null, null, 0, message);
    };
  }

  /** The HTTP status that it has before an answer has begun. */
  public int status() {
    return status;
  }

  /** After how long the same request may succeed, if that is so. */
  public OptionalInt retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** As it is written into an answer. */
  public ErrorBody body() {
    return new ErrorBody(
        new ErrorBody.Error(getMessage(), type, param.orElse(null), code.orElse(null)));
  }
}
