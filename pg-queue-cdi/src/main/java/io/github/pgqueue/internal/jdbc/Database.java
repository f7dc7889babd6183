package io.github.pgqueue.internal.jdbc;

import io.github.pgqueue.spi.Transactions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The database as the rest of the implementation sees it: transactions, and the schema, which is looked up and checked
 * when it is first needed. A failed check is repeated at the next need. Thread-safe.
 */
public final class Database {

    private final Transactions transactions;
    private final Supplier<SchemaBinding> check;
    private volatile @Nullable SchemaBinding binding;

    public Database(Transactions transactions, Supplier<SchemaBinding> check) {
        this.transactions = transactions;
        this.check = check;
    }

    public Transactions transactions() {
        return transactions;
    }

    /**
     * The schema, checked at the first call.
     *
     * @throws io.github.pgqueue.ConfigurationException if the schema does not fit
     */
    public SchemaBinding binding() {
        SchemaBinding known = binding;
        return known != null ? known : bind();
    }

    public SchemaName schema() {
        return binding().schema();
    }

    private synchronized SchemaBinding bind() {
        SchemaBinding known = binding;
        if (known == null) {
            known = check.get();
            binding = known;
        }
        return known;
    }
}
