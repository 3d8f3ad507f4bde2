/**
 * Measures engines through the SPI, and beside each the same work done by hand in its native
 * library where the plugin brings that; reports as text, as JSON, and as a page with plots.
 */
package dev.brigade.launcher.bench;
