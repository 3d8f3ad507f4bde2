/**
 * What the machines of a cluster share: tokens that nobody can guess, and stretched passphrases.
 */
package dev.brigade.launcher.secret;
