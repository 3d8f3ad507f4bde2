package dev.brigade.gateway;

import static dev.brigade.gateway.RunningGateway.error;
import static dev.brigade.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.gateway.http.HttpLimits;
import dev.brigade.gateway.openai.SamplingDefaults;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestRefusalsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String COMPLETIONS = "/v1/completions";
  private RunningGateway running;

  @BeforeAll
  void start() throws Exception {
    SamplingDefaults sampling = new SamplingDefaults(0.6, 20, 0.95, 0.05, 1.1);
    running = RunningGateway.of(ScriptedNode.saying("ok"), HttpLimits.DEFAULT, List.of(), sampling);
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'temperature':'hot'                    | temperature
          'temperature':-1                       | temperature
          'temperature':1e999                    | temperature
          'top_p':0                              | top_p
          'top_p':true                           | top_p
          'top_k':1.5                            | top_k
          'top_k':-2                             | top_k
          'min_p':2                              | min_p
          'frequency_penalty':3                  | frequency_penalty
          'presence_penalty':-3                  | presence_penalty
          'repetition_penalty':0                 | repetition_penalty
          'seed':0.5                             | seed
          'seed':99999999999999999999            | seed
          'n':0                                  | n
          'n':1000                               | n
          'max_tokens':0                         | max_tokens
          'max_tokens':'many'                    | max_tokens
          'max_completion_tokens':-5             | max_completion_tokens
          'max_tokens':1,'max_completion_tokens':2 | max_tokens
          'stop':7                               | stop
          'stop':['a',7]                         | stop[1]
          'stop':''                              | stop
          'stream':'yes'                         | stream
          'stream':1                             | stream
          'stream_options':{'include_usage':true} | stream_options
          'stream':true,'stream_options':[]      | stream_options
          'ignore_eos':'no'                      | ignore_eos
          'brigade':{'standby':'yes'}            | brigade.standby
          'brigade':{'standbye':true}            | brigade.standbye
          'logprobs':true                        | logprobs
          'top_logprobs':3                       | top_logprobs
          'logit_bias':{'5':-100}                | logit_bias
          'response_format':{'type':'json_object'} | response_format
          'response_format':'json'               | response_format
          'tool_choice':'required'               | tool_choice
          'tools':{}                             | tools
          'tools':[{'type':'retrieval'}]         | tools[0].type
          'tools':[{'type':'function'}]          | tools[0].function
          'functions':[{'name':'f'}]             | functions
          'modalities':['text','audio']          | modalities
          """)
  void aChatParameterThatMakesNoSenseIsNamed(String parameter, String name) throws Exception {
    HttpResponse<String> response =
        running.post(
            CHAT,
            "{'model':'org/echo','messages':[{'role':'user','content':'x'}]," + parameter + "}");

    assertRefused(response, name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                              | messages
          'hello'                                         | messages
          ['hello']                                       | messages[0]
          [{'content':'x'}]                               | messages[0].role
          [{'role':'wizard','content':'x'}]               | messages[0].role
          [{'role':7,'content':'x'}]                      | messages[0].role
          [{'role':'user'}]                               | messages[0].content
          [{'role':'user','content':7}]                   | messages[0].content
          [{'role':'user','content':'\\ud800'}]           | messages[0].content
          [{'role':'user','content':[{'text':'x'}]}]      | messages[0].content[0].type
          [{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:'}}]}] | messages[0].content[0].type
          [{'role':'assistant','tool_calls':[{'function':{'arguments':'{}'}}]}] | messages[0].tool_calls[0].function.name
          [{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'[]'}}]}] | messages[0].tool_calls[0].function.arguments
          """)
  void aMessageThatMakesNoSenseIsNamed(String messages, String name) throws Exception {
    assertRefused(running.post(CHAT, "{'model':'org/echo','messages':" + messages + "}"), name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'prompt':''                     | prompt
          'prompt':[]                     | prompt
          'prompt':{}                     | prompt
          'prompt':['a',7]                | prompt[1]
          'prompt':['a','']               | prompt[1]
          'prompt':[1,'a']                | prompt[1]
          'prompt':[1.5]                  | prompt[0]
          'prompt':[[1],[]]               | prompt[1]
          'prompt':[5,65536]              | prompt[1]
          'prompt':[-1]                   | prompt[0]
          'prompt':['a','b'],'n':100      | n
          'prompt':'x','logprobs':0       | logprobs
          'prompt':'x','echo':true        | echo
          'prompt':'x','suffix':'y'       | suffix
          'prompt':'x','best_of':3        | best_of
          'n':1                           | prompt
          """)
  void aCompletionParameterThatMakesNoSenseIsNamed(String parameters, String name)
      throws Exception {
    assertRefused(running.post(COMPLETIONS, "{'model':'org/echo'," + parameters + "}"), name);
  }

  @Test
  void theModelHasToBeNamedAndKnown() throws Exception {
    assertRefused(running.post(COMPLETIONS, "{'prompt':'x'}"), "model");
    HttpResponse<String> unknown = running.post(COMPLETIONS, "{'model':'a/b\\r\\nc','prompt':'x'}");
    assertThat(error(unknown)).isEqualTo("404 invalid_request_error model model_not_found");
  }

  @Test
  void whatOthersKnowAndAsksForNothingIsIgnored() throws Exception {
    HttpResponse<String> response =
        running.post(
            CHAT,
            "{'model':'org/echo','messages':[{'role':'user','content':'x'}],'user':'u',"
                + "'metadata':{},'store':false,'logprobs':false,'logit_bias':{},'top_logprobs':null,"
                + "'tools':null,'stop':null,'temperature':null,'modalities':['text'],"
                + "'response_format':{'type':'text'},'parallel_tool_calls':true,'brand_new':[1]}");

    assertThat(response.statusCode()).isEqualTo(200);
  }

  @Test
  void whatTheClientSaysGoesBeforeWhatTheModelSays() throws Exception {
    String base = "{'model':'org/echo','messages':[{'role':'user','content':'x'}]";
    running.node.drain();
    running.post(CHAT, base + "}");
    var byModel = running.node.next().asked;
    running.post(
        CHAT,
        base
            + ",'temperature':0,'top_k':-1,'top_p':0.5,'min_p':0,'repetition_penalty':1,"
            + "'frequency_penalty':0.5,'presence_penalty':-0.5,'seed':-7,'max_tokens':9,"
            + "'stop':['a','b'],'ignore_eos':true,'brigade':{'standby':true}}");
    var byClient = running.node.next().asked;

    assertThat(byModel.sampling())
        .usingRecursiveComparison()
        .ignoringFields("seed")
        .isEqualTo(
            new dev.brigade.cluster.sampling.SamplingParameters(0.6, 20, 0.95, 0.05, 1.1, 0, 0, 0));
    assertThat(byModel.ignoreEos()).isFalse();
    assertThat(byClient.sampling())
        .isEqualTo(
            new dev.brigade.cluster.sampling.SamplingParameters(0, 0, 0.5, 0, 1, 0.5, -0.5, -7));
    assertThat(byClient.maxTokens()).isEqualTo(9);
    assertThat(byClient.stop()).containsExactly("a", "b");
    assertThat(byClient.ignoreEos()).isTrue();
    assertThat(byModel.standby()).isFalse();
    assertThat(byClient.standby()).isTrue();
  }

  @Test
  void aPromptThatLeavesNoRoomForAnAnswerIsToldTheSum() throws Exception {
    HttpResponse<String> response =
        running.post(COMPLETIONS, "{'model':'plain','prompt':'" + "x".repeat(600) + "'}");

    assertThat(error(response)).isEqualTo("400 invalid_request_error null context_length_exceeded");
    assertThat(json(response).at("/error/message").asText())
        .startsWith("the prompt has 600 tokens and the context holds 600");
  }

  @Test
  void anAnswerMayBeNoLongerThanTheContextHolds() throws Exception {
    running.node.drain();
    running.post(COMPLETIONS, "{'model':'plain','prompt':'xy','max_tokens':4096}");

    assertThat(running.node.next().asked.maxTokens()).isEqualTo(598);
  }

  @Test
  void aModelWithoutChatTemplateSaysWhereToGo() throws Exception {
    HttpResponse<String> response =
        running.post(CHAT, "{'model':'plain','messages':[{'role':'user','content':'x'}]}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).at("/error/message").asText()).contains("/v1/completions");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "7",
        "null",
        "{'model':'a'} {'model':'b'}",
        "{'model':'a','model':'b'}",
        "{'model':'\u0001'}",
        "{'a':nope}"
      })
  void whatIsNotOneJsonObjectIsRefused(String body) throws Exception {
    assertThat(error(running.post(CHAT, body)))
        .isEqualTo("400 invalid_request_error null invalid_json");
  }

  @Test
  void jsonThatNestsWithoutEndIsRefused() throws Exception {
    assertThat(error(running.post(CHAT, "{'messages':" + "[".repeat(100_000))))
        .isEqualTo("400 invalid_request_error null invalid_json");
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() throws Exception {
    byte[] body = "{\"model\":\"??\"}".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    body[10] = (byte) 0xC3;
    HttpRequest.Builder request =
        running
            .request(CHAT)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));

    assertThat(error(running.send(request)))
        .isEqualTo("400 invalid_request_error null invalid_json");
  }

  @Test
  void aBodyThatIsNotDeclaredAsJsonIsRefused() throws Exception {
    HttpRequest.Builder form =
        running
            .request(CHAT)
            .header("content-type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString("{}"));

    assertThat(error(running.send(form)))
        .isEqualTo("415 invalid_request_error null unsupported_media_type");
  }

  @Test
  void unknownPathsAndMethodsAreToldInTheSameShape() throws Exception {
    assertThat(error(running.get("/v1/nothing")))
        .isEqualTo("404 invalid_request_error null unknown_url");
    HttpResponse<String> wrong = running.get(CHAT);
    assertThat(error(wrong)).isEqualTo("405 invalid_request_error null method_not_allowed");
    assertThat(wrong.headers().firstValue("allow")).contains("POST");
    assertThat(error(running.post("/v1/models", "{}")))
        .isEqualTo("405 invalid_request_error null method_not_allowed");
  }

  private static void assertRefused(HttpResponse<String> response, String parameter)
      throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(json(response).at("/error/param").asText()).isEqualTo(parameter);
    assertThat(json(response).at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(json(response).at("/error/message").asText()).contains(parameter);
  }
}
