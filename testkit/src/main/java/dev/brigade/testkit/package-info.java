/**
 * The conformance kit: a plugin's tests extend the contract of its kind, and borrow the host, time
 * and log from here. Main code, so that plugins outside this repository can use it too.
 */
package dev.brigade.testkit;
