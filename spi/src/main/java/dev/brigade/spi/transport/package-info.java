/** How nodes talk: ordered membership and bounded messages. Knows nothing of models or requests. */
package dev.brigade.spi.transport;
