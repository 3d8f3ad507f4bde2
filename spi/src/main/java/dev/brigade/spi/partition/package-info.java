/** Which node holds which layers, and why: pure functions from what is known to a plan. */
package dev.brigade.spi.partition;
