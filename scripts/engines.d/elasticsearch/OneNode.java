// SPDX-License-Identifier: Apache-2.0
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.elasticsearch.common.settings.Setting;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.IndexService;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.AbstractIndexAnalyzerProvider;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

// One Elasticsearch node, of 7.17. An argument with "=" is one of Elasticsearch's settings, any other is the class of a plugin.
public final class OneNode extends Node {
    private OneNode(Environment environment, List<Class<? extends Plugin>> plugins) {
        super(environment, plugins, false);
    }

    // The analyzer type "spanish" in the place of Elasticsearch's module analysis-common, which Maven does not have: the class of
    // Lucene, made from an index's settings by Elasticsearch's own readers of `stopwords` and `stem_exclusion`.
    public static final class SpanishAnalysis extends Plugin implements AnalysisPlugin {
        @Override
        public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
            return Map.of("spanish", Spanish::new);
        }
    }

    private static final class Spanish extends AbstractIndexAnalyzerProvider<SpanishAnalyzer> {
        private final SpanishAnalyzer analyzer;

        Spanish(IndexSettings index, Environment environment, String name, Settings settings) {
            super(index, name, settings);
            CharArraySet stopWords = Analysis.parseStopWords(environment, settings, SpanishAnalyzer.getDefaultStopSet());
            analyzer = new SpanishAnalyzer(stopWords, Analysis.parseStemExclusion(settings, CharArraySet.EMPTY_SET));
        }

        @Override
        public SpanishAnalyzer get() {
            return analyzer;
        }
    }

    // Lets a test shorten, for its index, the 30 s in which a merge may not yet drop deleted documents. Elasticsearch's own tests
    // register this setting too.
    public static final class TestSettings extends Plugin {
        @Override
        public List<Setting<?>> getSettings() {
            return List.of(IndexService.RETENTION_LEASE_SYNC_INTERVAL_SETTING);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Settings.Builder settings = Settings.builder();
        List<Class<? extends Plugin>> plugins = new ArrayList<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals > 0)
                settings.put(argument.substring(0, equals), argument.substring(equals + 1));
            else
                plugins.add(Class.forName(argument).asSubclass(Plugin.class));
        }
        Environment environment = InternalSettingsPreparer.prepareEnvironment(settings.build(), Map.of(), null, () -> "engine");
        new OneNode(environment, plugins).start();
        new CountDownLatch(1).await();  // its threads are daemons; it ends by a signal, and its data is thrown away
    }
}
