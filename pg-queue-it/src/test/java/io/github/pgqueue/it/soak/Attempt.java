package io.github.pgqueue.it.soak;

/** An attempt to work a job: what was pushed, and its number. */
record Attempt(String key, int number) {

    @Override
    public String toString() {
        return key + "#" + number;
    }
}
