/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.panel.Bucket.Ranges;
import io.serveflow.app.panel.Bucket.Time;
import io.serveflow.app.panel.Bucket.Values;
import io.serveflow.app.panel.Panel.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The dashboards as saved objects of Kibana, one a line: a data view, and dashboards whose Lens
 * panels are part of them.
 *
 * <p>Stamped with the oldest versions of Kibana that have all that is in them, since Kibana brings
 * older objects up to date and refuses newer ones.
 */
public final class SavedObjects {

    /** The data view that all panels use. */
    public static final String DATA_VIEW = "serveflow-dataview";

    /** What the panels cannot tell here. */
    private static final String REPAIRS =
            "A flow that was repaired counts once, with the verdict that it had first.";

    private static final String CORE = "8.8.0";
    private static final String OF_DATA_VIEWS = "8.0.0";
    private static final String OF_DASHBOARDS = "8.9.0";
    private static final String LAYER = "layer";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SavedObjects() {}

    /** What Kibana imports. */
    public static String ndjson() {
        return objects().stream().map(one -> one + "\n").collect(Collectors.joining());
    }

    /** The data view, then the dashboards. */
    public static List<ObjectNode> objects() {
        final List<ObjectNode> objects = new ArrayList<>();
        final ObjectNode view = object(DATA_VIEW, "index-pattern", OF_DATA_VIEWS);
        view.putObject("attributes")
                .put("title", "logs-serveflow-*")
                .put("name", "ServeFlow verdicts")
                .put("timeFieldName", "@timestamp");
        view.putArray("references");
        objects.add(view);
        Dashboards.all().forEach(one -> objects.add(dashboard(one)));
        return objects;
    }

    private static ObjectNode object(final String id, final String type, final String version) {
        return JSON.objectNode()
                .put("id", id)
                .put("type", type)
                .put("coreMigrationVersion", CORE)
                .put("typeMigrationVersion", version);
    }

    private static ObjectNode dashboard(final Dashboard dashboard) {
        final ObjectNode saved = object("serveflow-" + dashboard.id(), "dashboard", OF_DASHBOARDS);
        final ArrayNode panels = JSON.arrayNode();
        final ArrayNode references = saved.putArray("references");
        int x = 0;
        int y = 0;
        int height = 0;
        for (final Panel panel : dashboard.panels()) {
            if (x + panel.width() > Panel.COLUMNS) {
                x = 0;
                y += height;
                height = 0;
            }
            panels.add(panel(panel, x, y));
            references.add(reference(panel.id() + ":"));
            x += panel.width();
            height = Math.max(height, panel.height());
        }
        final ObjectNode attributes = saved.putObject("attributes");
        attributes
                .put("title", "ServeFlow: " + dashboard.title())
                .put("description", dashboard.help() + " " + REPAIRS)
                .put("hits", 0)
                .put("timeRestore", false)
                .put("panelsJSON", panels.toString())
                .put(
                        "optionsJSON",
                        JSON.objectNode()
                                .put("useMargins", true)
                                .put("syncColors", false)
                                .put("syncCursor", true)
                                .put("syncTooltips", false)
                                .put("hidePanelTitles", false)
                                .toString());
        final ObjectNode source = JSON.objectNode();
        source.set("query", kuery(""));
        source.putArray("filter");
        attributes.putObject("kibanaSavedObjectMeta").put("searchSourceJSON", source.toString());
        attributes.put("version", 1);
        return saved;
    }

    private static ObjectNode reference(final String prefix) {
        return JSON.objectNode()
                .put("type", "index-pattern")
                .put("id", DATA_VIEW)
                .put("name", prefix + "indexpattern-datasource-layer-" + LAYER);
    }

    private static ObjectNode kuery(final String query) {
        return JSON.objectNode().put("query", query).put("language", "kuery");
    }

    private static ObjectNode panel(final Panel panel, final int x, final int y) {
        final ObjectNode saved = JSON.objectNode();
        saved.put("version", OF_DASHBOARDS).put("type", "lens");
        saved.putObject("gridData")
                .put("x", x)
                .put("y", y)
                .put("w", panel.width())
                .put("h", panel.height())
                .put("i", panel.id());
        saved.put("panelIndex", panel.id());
        final ObjectNode embedded = saved.putObject("embeddableConfig");
        embedded.set("attributes", lens(panel));
        embedded.putObject("enhancements");
        saved.put("title", panel.title());
        return saved;
    }

    private static ObjectNode lens(final Panel panel) {
        final ObjectNode lens = JSON.objectNode();
        lens.put("title", panel.title())
                .put("description", panel.help())
                .put("visualizationType", visualizationType(panel.kind()))
                .put("type", "lens");
        lens.putArray("references").add(reference(""));
        final ObjectNode state = lens.putObject("state");
        state.set("visualization", visualization(panel));
        state.set("query", kuery(panel.filter().kql()));
        state.putArray("filters");
        final ObjectNode sources = state.putObject("datasourceStates");
        sources.putObject("formBased").putObject("layers").set(LAYER, layer(panel));
        sources.putObject("textBased").putObject("layers");
        state.putArray("internalReferences");
        state.putObject("adHocDataViews");
        return lens;
    }

    private static String visualizationType(final Kind kind) {
        return switch (kind) {
            case METRIC -> "lnsMetric";
            case BAR, LINE -> "lnsXY";
            case TABLE -> "lnsDatatable";
            case HEAT -> "lnsHeatmap";
        };
    }

    private static ObjectNode visualization(final Panel panel) {
        return switch (panel.kind()) {
            case METRIC -> ofLayer().put("metricAccessor", "m0");
            case TABLE -> table(panel);
            case HEAT -> heat(panel);
            case BAR, LINE -> chart(panel);
        };
    }

    private static ObjectNode ofLayer() {
        return JSON.objectNode().put("layerId", LAYER).put("layerType", "data");
    }

    private static ObjectNode table(final Panel panel) {
        final ObjectNode table = ofLayer();
        final ArrayNode columns = table.putArray("columns");
        columnIds(panel).forEach(id -> columns.addObject().put("columnId", id));
        return table;
    }

    private static ObjectNode heat(final Panel panel) {
        final ObjectNode heat = ofLayer();
        heat.put("shape", "heatmap");
        heat.putObject("legend")
                .put("isVisible", true)
                .put("position", "right")
                .put("type", "heatmap_legend");
        heat.putObject("gridConfig")
                .put("type", "heatmap_grid")
                .put("isCellLabelVisible", true)
                .put("isYAxisLabelVisible", true)
                .put("isXAxisLabelVisible", true)
                .put("isYAxisTitleVisible", true)
                .put("isXAxisTitleVisible", true);
        return heat.put("yAccessor", "b0").put("xAccessor", "b1").put("valueAccessor", "m0");
    }

    private static ObjectNode chart(final Panel panel) {
        final int time = timeBucket(panel);
        final String series =
                panel.kind() == Kind.LINE ? "line" : time < 0 ? "bar_horizontal" : "bar_stacked";
        final ObjectNode chart = JSON.objectNode();
        chart.putObject("legend")
                .put("isVisible", panel.buckets().size() + panel.measures().size() > 2)
                .put("position", "right");
        chart.put("valueLabels", time < 0 ? "show" : "hide");
        chart.put("preferredSeriesType", series);
        final ObjectNode layer = ofLayer();
        chart.putArray("layers").add(layer);
        layer.put("seriesType", series).put("position", "top").put("showGridlines", false);
        final ArrayNode accessors = layer.putArray("accessors");
        for (int i = 0; i < panel.measures().size(); i++) {
            accessors.add("m" + i);
        }
        layer.put("xAccessor", "b" + Math.max(time, 0));
        if (time > 0) {
            layer.put("splitAccessor", "b0");
        }
        return chart;
    }

    private static int timeBucket(final Panel panel) {
        for (int i = 0; i < panel.buckets().size(); i++) {
            if (panel.buckets().get(i) instanceof Time) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> columnIds(final Panel panel) {
        final List<String> ids = new ArrayList<>();
        for (int i = 0; i < panel.buckets().size(); i++) {
            ids.add("b" + i);
        }
        for (int i = 0; i < panel.measures().size(); i++) {
            ids.add("m" + i);
        }
        return ids;
    }

    private static ObjectNode layer(final Panel panel) {
        final ObjectNode layer = JSON.objectNode();
        final ObjectNode columns = layer.putObject("columns");
        for (int i = 0; i < panel.buckets().size(); i++) {
            columns.set("b" + i, column(panel.buckets().get(i)));
        }
        for (int i = 0; i < panel.measures().size(); i++) {
            columns.set("m" + i, column(panel.measures().get(i)));
        }
        final ArrayNode order = layer.putArray("columnOrder");
        columnIds(panel).forEach(order::add);
        layer.putObject("incompleteColumns");
        return layer;
    }

    private static ObjectNode column(final Bucket bucket) {
        final ObjectNode column = JSON.objectNode();
        column.put("label", bucket.label()).put("customLabel", true);
        column.put("sourceField", bucket.field()).put("isBucketed", true);
        if (bucket instanceof Time) {
            column.put("dataType", "date")
                    .put("operationType", "date_histogram")
                    .put("scale", "interval");
            column.putObject("params")
                    .put("interval", "auto")
                    .put("includeEmptyRows", true)
                    .put("dropPartials", false);
        } else if (bucket instanceof Values values) {
            terms(column, values);
        } else if (bucket instanceof Ranges ranges) {
            ranges(column, ranges);
        }
        return column;
    }

    private static void terms(final ObjectNode column, final Values values) {
        column.put("dataType", dataType(values.unit()))
                .put("operationType", "terms")
                .put("scale", "ordinal");
        final ObjectNode params = column.putObject("params");
        params.put("size", values.size());
        params.putObject("orderBy")
                .put("type", "column")
                .put("columnId", "m" + values.order().measure());
        params.put("orderDirection", values.order().ascending() ? "asc" : "desc")
                .put("otherBucket", values.others())
                .put("missingBucket", false);
        params.putObject("parentFormat").put("id", "terms");
        params.putArray("include");
        params.putArray("exclude");
        params.put("includeIsRegex", false).put("excludeIsRegex", false);
    }

    private static void ranges(final ObjectNode column, final Ranges ranges) {
        column.put("dataType", "string").put("operationType", "range").put("scale", "ordinal");
        final ObjectNode params = column.putObject("params");
        params.put("type", "range").put("maxBars", "auto");
        final ArrayNode list = params.putArray("ranges");
        for (int i = 0; i < ranges.bounds().size(); i++) {
            final ObjectNode one = list.addObject();
            one.put("from", ranges.bounds().get(i));
            if (i + 1 < ranges.bounds().size()) {
                one.put("to", ranges.bounds().get(i + 1));
            } else {
                one.putNull("to");
            }
            one.put("label", ranges.name(i));
        }
        params.putObject("parentFormat")
                .put("id", "range")
                .putObject("params")
                .put("template", "arrow_right")
                .put("replaceInfinity", true);
    }

    private static ObjectNode column(final Measure measure) {
        final ObjectNode column = JSON.objectNode();
        column.put("label", measure.label()).put("customLabel", true).put("isBucketed", false);
        final ObjectNode params = JSON.objectNode();
        final String operation =
                switch (measure.operation()) {
                    case COUNT -> "count";
                    case DISTINCT -> "unique_count";
                    case AVERAGE -> "average";
                    case LEAST -> "min";
                    case GREATEST -> "max";
                    case PERCENTILE -> "percentile";
                    case LATEST -> "last_value";
                };
        column.put("operationType", operation);
        column.put("sourceField", measure.field().orElse("___records___"));
        final String type = dataType(measure.unit());
        column.put("dataType", type);
        column.put("scale", type.equals("number") || type.equals("date") ? "ratio" : "ordinal");
        measure.only().ifPresent(filter -> column.set("filter", kuery(filter.kql())));
        switch (measure.operation()) {
            case PERCENTILE -> params.put("percentile", (int) measure.percent());
            case LATEST -> {
                params.put("sortField", "@timestamp").put("showArrayValues", false);
                column.set("filter", kuery('"' + measure.field().orElseThrow() + "\": *"));
            }
            default -> params.put("emptyAsNull", false);
        }
        format(params, measure.unit());
        column.set("params", params);
        return column;
    }

    private static void format(final ObjectNode params, final Unit unit) {
        switch (unit) {
            case SHARE ->
                    params.putObject("format")
                            .put("id", "percent")
                            .putObject("params")
                            .put("decimals", 1);
            case MILLIS, MICROS ->
                    params.putObject("format")
                            .put("id", "number")
                            .putObject("params")
                            .put("decimals", 1)
                            .put("suffix", unit == Unit.MILLIS ? " ms" : " us");
            default -> {}
        }
    }

    private static String dataType(final Unit unit) {
        return switch (unit) {
            case COUNT, SHARE, MILLIS, MICROS, PORT -> "number";
            case TIME -> "date";
            case ADDRESS -> "ip";
            case NAME, FLOW -> "string";
        };
    }
}
