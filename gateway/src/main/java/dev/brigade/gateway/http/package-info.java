/**
 * What every API over HTTP needs: who may ask, how much and how slowly, errors that say what to do,
 * and streams that stop when their reader does. Everything runs on the connection's event loop.
 */
package dev.brigade.gateway.http;
