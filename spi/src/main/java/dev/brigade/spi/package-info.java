/**
 * What every kind of plugin shares: how a provider is found, named, configured and created, and
 * what the hosting node lends it. Depends on the JDK alone.
 */
package dev.brigade.spi;
