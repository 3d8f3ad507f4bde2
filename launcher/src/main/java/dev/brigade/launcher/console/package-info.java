/** What a person sees: results on stdout; log, progress and errors on stderr. */
package dev.brigade.launcher.console;
