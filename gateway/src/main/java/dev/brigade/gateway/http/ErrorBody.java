package dev.brigade.gateway.http;

/** An error as OpenAI's API writes it; a field that does not apply is JSON's null. */
public record ErrorBody(Error error) {

  /**
   * What went wrong.
   *
   * @param message for a person
   * @param type whose turn it is
   * @param param the request's parameter that was wrong
   * @param code for a program
   */
  public record Error(String message, String type, String param, String code) {}
}
