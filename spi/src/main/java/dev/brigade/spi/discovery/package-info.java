/** Who might be there: candidates that a transport then tries. Not who is. */
package dev.brigade.spi.discovery;
