// SPDX-License-Identifier: Apache-2.0
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.Version;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.IndexService;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;

// One OpenSearch node, of 2.x or 3.x. An argument with "=" is one of OpenSearch's settings, any other is the class of a plugin.
public final class OneNode extends Node {
    // 2.x takes the plugins as classes, 3.x as descriptions; to the compiled constructor both are a Collection.
    @SuppressWarnings({"unchecked", "rawtypes"})
    private OneNode(Environment environment, Collection plugins) {
        super(environment, plugins, false);
    }

    // Lets a test shorten, for its index, the 30 s in which a merge may not yet drop deleted documents. OpenSearch's own tests
    // register this setting too.
    public static final class TestSettings extends Plugin {
        @Override
        public List<Setting<?>> getSettings() {
            return List.of(IndexService.RETENTION_LEASE_SYNC_INTERVAL_SETTING);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Settings.Builder settings = Settings.builder();
        List<Object> plugins = new ArrayList<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals > 0)
                settings.put(argument.substring(0, equals), argument.substring(equals + 1));
            else if (Version.CURRENT.major < 3)
                plugins.add(Class.forName(argument));
            else
                plugins.add(new PluginInfo(argument, "", "", Version.CURRENT, "", argument, "", List.of(), false));
        }
        Environment environment = InternalSettingsPreparer.prepareEnvironment(settings.build(), Map.of(), null, () -> "engine");
        new OneNode(environment, plugins).start();
        new CountDownLatch(1).await();  // its threads are daemons; it ends by a signal, and its data is thrown away
    }
}
