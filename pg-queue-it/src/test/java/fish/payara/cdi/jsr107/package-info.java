/** Stands for what Payara brings for the caching annotations, by the name that it has there. */
package fish.payara.cdi.jsr107;
