package io.github.pgqueue.it.jcache.annotation;

import static io.github.pgqueue.it.jcache.annotation.TestCaches.cache;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.pgqueue.it.jcache.annotation.Faults.End;
import io.github.pgqueue.it.support.WeldNode;
import io.github.pgqueue.jcache.MethodCacheKey;
import jakarta.enterprise.util.TypeLiteral;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheValue;
import org.jspecify.annotations.Nullable;

/** The rules of the annotations that the kit of the specification does not test, and those that are ours. */
final class AnnotationRules {

    private AnnotationRules() {}

    /** What holds in an application, and never holds without the interceptor. */
    record Rule(String name, Check check) {

        @Override
        public String toString() {
            return name;
        }
    }

    interface Check {
        void on(WeldNode application) throws Exception;
    }

    /** The beans that the rules are about. */
    static Class<?>[] beans() {
        return new Class<?>[] {
            Prices.class,
            Faults.class,
            Defaults.Names.class,
            Defaults.UpperCaseKeys.class,
            Defaults.ByFirstLetter.class,
            Defaults.ByClass.class,
            Defaults.Curious.class,
            Defaults.Watched.class,
            Inheritance.Annotated.class,
            Inheritance.Child.class,
            Inheritance.NamingChild.class,
            Inheritance.Named.class,
            Inheritance.Generic.class
        };
    }

    static Stream<Rule> all() {
        return Stream.of(keys(), results(), puts(), removals(), exceptions(), defaults(), inheritance())
                .flatMap(rules -> rules);
    }

    private static Rule rule(String name, Check check) {
        return new Rule(name, check);
    }

    private static Stream<Rule> keys() {
        return Stream.of(
                rule("all parameters are the key", app -> {
                    Prices prices = app.get(Prices.class);
                    assertThat(prices.find("tea")).isEqualTo(prices.find("tea")).isNotEqualTo(prices.find("milk"));
                    assertThat(cache("prices").get(MethodCacheKey.of("tea"))).isEqualTo(prices.find("tea"));
                }),
                rule("@CacheKey: only the marked parameters are the key", app -> {
                    Prices prices = app.get(Prices.class);
                    assertThat(prices.findByTwo("tea", "hunger", 1))
                            .isEqualTo(prices.findByTwo("tea", "thirst", 1))
                            .isNotEqualTo(prices.findByTwo("tea", "hunger", 2));
                    assertThat(cache("prices").containsKey(MethodCacheKey.of("tea", 1)))
                            .isTrue();
                }),
                rule("no parameters are a key too", app -> {
                    Prices prices = app.get(Prices.class);
                    assertThat(prices.first()).isEqualTo(prices.first());
                    assertThat(cache("prices").containsKey(MethodCacheKey.of())).isTrue();
                }),
                rule("variable arguments are equal by what they are", app -> {
                    Prices prices = app.get(Prices.class);
                    assertThat(prices.findAll("tea", "milk"))
                            .isEqualTo(prices.findAll("tea", "milk"))
                            .isNotEqualTo(prices.findAll("milk", "tea"));
                    assertThat(cache("prices").containsKey(MethodCacheKey.of((Object) new String[] {"tea", "milk"})))
                            .isTrue();
                }),
                rule("arrays of arrays and of primitives are equal by what is in them", app -> {
                    Prices prices = app.get(Prices.class);
                    assertThat(prices.findByTable(new int[][] {{1, 2}, {3}}, new byte[] {4}))
                            .isEqualTo(prices.findByTable(new int[][] {{1, 2}, {3}}, new byte[] {4}))
                            .isNotEqualTo(prices.findByTable(new int[][] {{1}, {2, 3}}, new byte[] {4}));
                }),
                rule("a method that changes its argument does not change the key", app -> {
                    Prices prices = app.get(Prices.class);
                    assertThat(prices.findAndShuffle(new String[] {"tea"}))
                            .isEqualTo(prices.findAndShuffle(new String[] {"tea"}));
                }),
                rule("primitive parameters and results", app -> {
                    Prices prices = app.get(Prices.class);
                    assertThat(prices.count(1, true, 'x'))
                            .isEqualTo(prices.count(1, true, 'x'))
                            .isNotEqualTo(prices.count(1, false, 'x'));
                    assertThat(cache("prices").get(MethodCacheKey.of(1L, true, 'x')))
                            .isInstanceOf(Integer.class);
                }));
    }

    private static Stream<Rule> results() {
        return Stream.of(
                rule("the default name has the declaring class, the method and its parameter types", app -> {
                    Inheritance.Child child = app.get(Inheritance.Child.class);
                    child.inherited("tea");
                    assertThat(TestCaches.manager().getCacheNames())
                            .contains(Inheritance.Parent.class.getName() + ".inherited(java.lang.String)");
                }),
                rule("skipGet: the method always runs, and its result is cached", app -> {
                    Prices prices = app.get(Prices.class);
                    String first = prices.refresh("tea");
                    assertThat(prices.find("tea")).isEqualTo(first);
                    String second = prices.refresh("tea");
                    assertThat(second).isNotEqualTo(first);
                    assertThat(prices.find("tea")).isEqualTo(second);
                }),
                rule("skipGet: a result of null removes what was cached", app -> {
                    Prices prices = app.get(Prices.class);
                    String first = prices.find("tea");
                    assertThat(prices.find("tea")).isEqualTo(first);
                    prices.lose("tea");
                    assertThat(prices.find("tea")).isNotEqualTo(first);
                }),
                rule("a result of null is not cached, any other is", app -> {
                    Prices prices = app.get(Prices.class);
                    int before = prices.runs();
                    assertThat(prices.findIfLong("tea")).isNull();
                    assertThat(prices.findIfLong("tea")).isNull();
                    assertThat(prices.runs()).isEqualTo(before + 2);
                    assertThat(prices.findIfLong("milk")).isEqualTo(prices.findIfLong("milk"));
                }),
                rule("a cached value of another type than the method's is a miss", app -> {
                    Prices prices = app.get(Prices.class);
                    cache("prices").put(MethodCacheKey.of("tea"), 17);
                    String found = prices.find("tea");
                    assertThat(cache("prices").get(MethodCacheKey.of("tea"))).isEqualTo(found);
                }),
                rule("exceptionCacheName: the exception is thrown again, checked ones too", app -> {
                    Prices prices = app.get(Prices.class);
                    Throwable first = catchThrowable(() -> prices.fail("tea"));
                    assertThatThrownBy(() -> prices.fail("tea"))
                            .isInstanceOf(IOException.class)
                            .hasMessage(first.getMessage());
                }),
                rule("without exceptionCacheName no exception is cached", app -> {
                    Prices prices = app.get(Prices.class);
                    int before = prices.runs();
                    assertThatThrownBy(() -> prices.failUncached("tea")).isInstanceOf(IOException.class);
                    assertThatThrownBy(() -> prices.failUncached("tea")).isInstanceOf(IOException.class);
                    assertThat(prices.runs()).isEqualTo(before + 2);
                    assertThat(prices.find("tea")).isEqualTo(prices.find("tea"));
                }),
                rule("skipGet: a cached exception is not looked for, but the new one is cached", app -> {
                    Prices prices = app.get(Prices.class);
                    Throwable first = catchThrowable(() -> prices.failAgain("tea"));
                    Throwable second = catchThrowable(() -> prices.failAgain("tea"));
                    assertThat(second.getMessage()).isNotEqualTo(first.getMessage());
                    assertThatThrownBy(() -> prices.fail("tea")).hasMessage(second.getMessage());
                }),
                rule("a cached exception that the method cannot throw is a miss", app -> {
                    Faults faults = app.get(Faults.class);
                    cache("thrown").put(MethodCacheKey.of(End.NORMAL), new IOException("of another method"));
                    assertThat(faults.result(End.NORMAL)).isEqualTo(faults.result(End.NORMAL));
                }));
    }

    private static Stream<Rule> puts() {
        return Stream.of(
                rule("@CachePut: the value is stored, and is not part of the key", app -> {
                    app.get(Prices.class).set("tea", "5");
                    assertThat(cache("prices").get(MethodCacheKey.of("tea"))).isEqualTo("5");
                    assertThat(app.get(Prices.class).find("tea")).isEqualTo("5");
                }),
                rule("@CachePut with @CacheKey", app -> {
                    app.get(Prices.class).setForOne("tea", "season", "6");
                    assertThat(app.get(Prices.class).find("tea")).isEqualTo("6");
                }),
                rule("@CachePut of null removes the key", app -> {
                    Prices prices = app.get(Prices.class);
                    prices.set("tea", "5");
                    assertThat(prices.find("tea")).isEqualTo("5");
                    prices.set("tea", null);
                    assertThat(prices.find("tea")).isNotEqualTo("5");
                }),
                rule("@CachePut(afterInvocation = false): stored before, whatever the method throws", app -> {
                    Prices prices = app.get(Prices.class);
                    assertThatThrownBy(() -> prices.setBefore("tea", "5", () -> {
                                assertThat(cache("prices").get(MethodCacheKey.of("tea")))
                                        .isEqualTo("5");
                                throw new Faults.Fault("on purpose");
                            }))
                            .isInstanceOf(Faults.Fault.class);
                    assertThat(prices.find("tea")).isEqualTo("5");
                }));
    }

    private static Stream<Rule> removals() {
        return Stream.of(
                rule("@CacheRemove: that key and no other", app -> {
                    Prices prices = app.get(Prices.class);
                    prices.set("tea", "5");
                    prices.set("milk", "6");
                    prices.remove("tea");
                    assertThat(cache("prices").containsKey(MethodCacheKey.of("tea")))
                            .isFalse();
                    assertThat(prices.find("milk")).isEqualTo("6");
                }),
                rule("@CacheRemove(afterInvocation = false): removed before, whatever the method throws", app -> {
                    cache("prices").put(MethodCacheKey.of("tea"), "5");
                    assertThatThrownBy(() -> app.get(Prices.class).removeBefore("tea", () -> {
                                assertThat(cache("prices").containsKey(MethodCacheKey.of("tea")))
                                        .isFalse();
                                throw new Faults.Fault("on purpose");
                            }))
                            .isInstanceOf(Faults.Fault.class);
                    assertThat(cache("prices").containsKey(MethodCacheKey.of("tea")))
                            .isFalse();
                }),
                rule("@CacheRemoveAll(afterInvocation = false): emptied before, whatever the method throws", app -> {
                    cache("prices").put(MethodCacheKey.of("tea"), "5");
                    assertThatThrownBy(() -> app.get(Prices.class).removeAllBefore(() -> {
                                assertThat(cache("prices").iterator()).isExhausted();
                                throw new Faults.Fault("on purpose");
                            }))
                            .isInstanceOf(Faults.Fault.class);
                    assertThat(cache("prices").iterator()).isExhausted();
                }),
                rule("a name in the annotation comes before the one of @CacheDefaults", app -> {
                    cache("others").put("k", "v");
                    cache("prices").put("k", "v");
                    app.get(Prices.class).removeOthers();
                    assertThat(cache("others").containsKey("k")).isFalse();
                    assertThat(cache("prices").containsKey("k")).isTrue();
                }));
    }

    /** Four combinations of two lists for each annotation: which ends of the method count beside the normal one. */
    private static Stream<Rule> exceptions() {
        Set<End> none = EnumSet.noneOf(End.class);
        Set<End> included = EnumSet.of(End.FAULT, End.LASTING);
        Set<End> notExcluded = EnumSet.of(End.FAULT, End.OTHER);
        Set<End> both = EnumSet.of(End.FAULT);
        Set<End> all = EnumSet.of(End.FAULT, End.LASTING, End.OTHER);
        return Stream.of(
                cached("both lists empty", all, Faults::result),
                cached("cachedExceptions", included, Faults::resultIncluding),
                cached("nonCachedExceptions", notExcluded, Faults::resultExcluding),
                cached("cachedExceptions and nonCachedExceptions", both, Faults::resultBoth),
                put("both lists empty", none, (bean, end) -> bean.put("k", "new", end)),
                put("cacheFor", included, (bean, end) -> bean.putIncluding("k", "new", end)),
                put("noCacheFor", notExcluded, (bean, end) -> bean.putExcluding("k", "new", end)),
                put("cacheFor and noCacheFor", both, (bean, end) -> bean.putBoth("k", "new", end)),
                removed("@CacheRemove", "both lists empty", none, (bean, end) -> bean.remove("k", end)),
                removed("@CacheRemove", "evictFor", included, (bean, end) -> bean.removeIncluding("k", end)),
                removed("@CacheRemove", "noEvictFor", notExcluded, (bean, end) -> bean.removeExcluding("k", end)),
                removed("@CacheRemove", "evictFor and noEvictFor", both, (bean, end) -> bean.removeBoth("k", end)),
                removed("@CacheRemoveAll", "both lists empty", none, Faults::removeAll),
                removed("@CacheRemoveAll", "evictFor", included, Faults::removeAllIncluding),
                removed("@CacheRemoveAll", "noEvictFor", notExcluded, Faults::removeAllExcluding),
                removed("@CacheRemoveAll", "evictFor and noEvictFor", both, Faults::removeAllBoth));
    }

    private static Rule cached(String lists, Set<End> counting, BiConsumer<Faults, End> call) {
        return rule("@CacheResult, " + lists + ": cached are " + counting, app -> {
            Faults faults = app.get(Faults.class);
            for (End end : End.values()) {
                int before = faults.runs();
                Throwable first = ended(faults, end, call);
                Throwable second = ended(faults, end, call);
                boolean wanted = end == End.NORMAL || counting.contains(end);
                assertThat(faults.runs() - before).as("runs for %s", end).isEqualTo(wanted ? 1 : 2);
                assertThat(second == null).isEqualTo(first == null);
            }
        });
    }

    private static Rule put(String lists, Set<End> counting, BiConsumer<Faults, End> call) {
        return changed("@CachePut", lists, counting, call, "new");
    }

    private static Rule removed(String annotation, String lists, Set<End> counting, BiConsumer<Faults, End> call) {
        return changed(annotation, lists, counting, call, null);
    }

    private static Rule changed(
            String annotation, String lists, Set<End> counting, BiConsumer<Faults, End> call, @Nullable String after) {
        return rule(annotation + ", " + lists + ": not prevented by " + counting, app -> {
            Faults faults = app.get(Faults.class);
            for (End end : End.values()) {
                cache("faults").put(MethodCacheKey.of("k"), "old");
                Throwable thrown = ended(faults, end, call);
                boolean wanted = end == End.NORMAL || counting.contains(end);
                assertThat(cache("faults").get(MethodCacheKey.of("k")))
                        .as("after %s", end)
                        .isEqualTo(wanted ? after : "old");
                assertThat(thrown == null).isEqualTo(end == End.NORMAL);
            }
        });
    }

    private static @Nullable Throwable ended(Faults faults, End end, BiConsumer<Faults, End> call) {
        return catchThrowable(() -> call.accept(faults, end));
    }

    private static Stream<Rule> defaults() {
        return Stream.of(
                rule("@CacheDefaults: a key generator that is a bean", app -> {
                    Defaults.ByClass bean = app.get(Defaults.ByClass.class);
                    assertThat(bean.find("tea")).isEqualTo(bean.find("Tea".toLowerCase(Locale.ROOT)));
                    assertThat(cache("letter t").containsKey(new Defaults.Named("TEA")))
                            .isTrue();
                }),
                rule("@CacheDefaults: a resolver factory that is a bean, asked once for each method", app -> {
                    Defaults.ByClass bean = app.get(Defaults.ByClass.class);
                    bean.set("tea", "5");
                    bean.set("milk", "6");
                    assertThat(cache("letter t").get(new Defaults.Named("TEA"))).isEqualTo("5");
                    assertThat(cache("letter m").get(new Defaults.Named("MILK")))
                            .isEqualTo("6");
                    assertThat(app.get(Defaults.ByFirstLetter.class).asked())
                            .filteredOn(name -> !name.startsWith("exceptions"))
                            .hasSizeLessThanOrEqualTo(4);
                }),
                rule("a resolver factory chooses the cache of exceptions", app -> {
                    Defaults.ByClass bean = app.get(Defaults.ByClass.class);
                    Throwable thrown = catchThrowable(() -> bean.fail("tea"));
                    assertThatThrownBy(() -> bean.fail("tea")).hasMessage(thrown.getMessage());
                    assertThat(cache("letter exceptions").containsKey(new Defaults.Named("TEA")))
                            .isTrue();
                    assertThat(app.get(Defaults.ByFirstLetter.class).asked()).contains("exceptions asked for");
                }),
                rule("a key generator of the method comes first, and need not be a bean", app -> {
                    Defaults.ByClass bean = app.get(Defaults.ByClass.class);
                    assertThat(bean.findByLength("tea")).isEqualTo(bean.findByLength("tee"));
                    assertThat(cache("letter t").containsKey(new Defaults.Named("3")))
                            .isTrue();
                }),
                rule("CacheKeyInvocationContext tells everything about the call", app -> {
                    Defaults.Watched bean = app.get(Defaults.Watched.class);
                    bean.set("v", 7);
                    var calls = app.get(Defaults.Curious.class).calls();
                    assertThat(calls).isNotEmpty();
                    var call = calls.get(0);
                    assertThat(call.getTarget()).isInstanceOf(Defaults.Watched.class);
                    assertThat(call.getMethod().getName()).isEqualTo("set");
                    assertThat(call.getCacheName()).isEqualTo("watched");
                    assertThat(call.getCacheAnnotation()).isInstanceOf(CachePut.class);
                    assertThat(call.getAnnotations()).hasSize(2);
                    assertThat(call.getAllParameters()).hasSize(2);
                    assertThat(Arrays.asList(call.getKeyParameters()))
                            .singleElement()
                            .satisfies(key -> {
                                assertThat(key.getValue()).isEqualTo(7);
                                assertThat(key.getRawType()).isEqualTo(int.class);
                                assertThat(key.getParameterPosition()).isEqualTo(1);
                            });
                    assertThat(call.getValueParameter().getValue()).isEqualTo("v");
                    assertThat(call.getValueParameter().getAnnotations())
                            .singleElement()
                            .isInstanceOf(CacheValue.class);
                    assertThat(call.unwrap(call.getClass())).isSameAs(call);
                    assertThatThrownBy(() -> call.unwrap(String.class)).isInstanceOf(IllegalArgumentException.class);
                }));
    }

    private static Stream<Rule> inheritance() {
        return Stream.of(
                rule("an annotation on the class holds for its methods; one on the method comes first", app -> {
                    Inheritance.Annotated bean = app.get(Inheritance.Annotated.class);
                    String first = bean.find("tea");
                    assertThat(bean.find("tea")).isEqualTo(first);
                    bean.remove("tea");
                    assertThat(bean.find("tea")).isNotEqualTo(first);
                }),
                rule("an annotated method is inherited; overriding it without the annotation ends that", app -> {
                    Inheritance.Child bean = app.get(Inheritance.Child.class);
                    assertThat(bean.inherited("tea")).isEqualTo(bean.inherited("tea"));
                    assertThat(bean.overridden("tea")).isNotEqualTo(bean.overridden("tea"));
                }),
                rule("@CacheDefaults of the bean's class hold for inherited methods", app -> {
                    String found = app.get(Inheritance.NamingChild.class).inherited("tea");
                    assertThat(cache("of the child").get(MethodCacheKey.of("tea")))
                            .isEqualTo(found);
                }),
                rule("@CacheDefaults of a superclass hold if the class has none", app -> {
                    String found = app.get(Inheritance.Named.class).find("tea");
                    assertThat(cache("of the parent").get(MethodCacheKey.of("tea")))
                            .isEqualTo(found);
                }),
                rule("a generic method is called through its bridge, once, by its own name", app -> {
                    Inheritance.Finder<String> finder = app.get(new TypeLiteral<Inheritance.Finder<String>>() {});
                    Object found = finder.find("tea");
                    assertThat(finder.find("tea")).isEqualTo(found);
                    assertThat(cache(Inheritance.Generic.class.getName() + ".find(java.lang.String)")
                                    .get(MethodCacheKey.of("tea")))
                            .isEqualTo(found);
                    assertThat(List.copyOf(cacheNames())).noneMatch(name -> name.contains("java.lang.Object"));
                }),
                rule("annotations of interfaces mean nothing", app -> {
                    Inheritance.Generic bean = app.get(Inheritance.Generic.class);
                    assertThat(bean.findUncached("tea")).isNotEqualTo(bean.findUncached("tea"));
                    assertThat(bean.find("tea")).isEqualTo(bean.find("tea"));
                }));
    }

    private static List<String> cacheNames() {
        return Stream.of(TestCaches.manager().getCacheNames())
                .flatMap(names -> StreamSupport.stream(names.spliterator(), /* parallel= */ false))
                .toList();
    }
}
