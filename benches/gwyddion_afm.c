/* Times libgwyddion on a raw field of doubles and prints JSON lines: the median of five runs.
 * A separate program for comparison only; Amorph neither contains nor links it.
 * cc -O2 gwyddion_afm.c -o gwyddion_afm -I/usr/include/gwyddion \
 *    $(pkg-config --cflags --libs glib-2.0 gobject-2.0) -lgwyprocess2 -lgwyddion2 -lm
 * gwyddion_afm FILE SIZE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libgwyddion/gwymacros.h>
#include <libprocess/gwyprocess.h>

enum { REPEATS = 5 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    double d = *(const double *)a - *(const double *)b;
    return (d > 0) - (d < 0);
}

static void racf(GwyDataField *field) {
    GwyDataLine *line = gwy_data_line_new(1, 1.0, FALSE);
    gwy_data_field_racf(field, line, 0);
    g_object_unref(line);
}

static void psd(GwyDataField *field) {
    GwyDataField *result = gwy_data_field_new_alike(field, FALSE);
    gwy_data_field_2dpsdf(field, result, GWY_WINDOWING_HANN, 0);
    g_object_unref(result);
}

static void regions(GwyDataField *field) {
    static const GwyGrainQuantity quantities[] = {
        GWY_GRAIN_VALUE_PROJECTED_AREA, GWY_GRAIN_VALUE_EQUIV_DISC_RADIUS, GWY_GRAIN_VALUE_PIXEL_AREA,
        GWY_GRAIN_VALUE_CENTER_X, GWY_GRAIN_VALUE_CENTER_Y, GWY_GRAIN_VALUE_EQUIV_ELLIPSE_MAJOR,
        GWY_GRAIN_VALUE_EQUIV_ELLIPSE_MINOR, GWY_GRAIN_VALUE_EQUIV_ELLIPSE_ANGLE, GWY_GRAIN_VALUE_FLAT_BOUNDARY_LENGTH,
    };
    int n = gwy_data_field_get_xres(field) * gwy_data_field_get_yres(field);
    double *values = g_new(double, n), low = gwy_data_field_get_min(field), high = gwy_data_field_get_max(field);
    memcpy(values, gwy_data_field_get_data_const(field), n * sizeof(double));
    double threshold = gwy_math_kth_rank(n, values, n / 100 * 95);
    GwyDataField *mask = gwy_data_field_new_alike(field, FALSE);
    gwy_data_field_grains_mark_height(field, mask, 100.0 * (threshold - low) / (high - low), FALSE);
    int *grains = g_new0(int, n), n_grains = gwy_data_field_number_grains(mask, grains);
    double **table = gwy_data_field_grains_get_quantities(field, NULL, quantities, 9, n_grains, grains);
    for (int i = 0; i < 9; i++) g_free(table[i]);
    g_free(table);
    g_free(grains);
    g_free(values);
    g_object_unref(mask);
}

static void report(const char *task, void (*work)(GwyDataField *), GwyDataField *field) {
    double times[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
        double start = now();
        gwy_data_field_invalidate(field);
        work(field);
        times[i] = now() - start;
    }
    qsort(times, REPEATS, sizeof(double), ascending);
    printf("{\"program\": \"libgwyddion\", \"task\": \"%s\", \"size\": %d, \"seconds\": %.6g}\n",
           task, gwy_data_field_get_xres(field), times[REPEATS / 2]);
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: gwyddion_afm FILE SIZE\n"), 2;
    int size = atoi(argv[2]);
    gwy_process_type_init();
    GwyDataField *field = gwy_data_field_new(size, size, size, size, FALSE);
    FILE *file = fopen(argv[1], "rb");
    size_t wanted = (size_t)size * size;
    if (!file || fread(gwy_data_field_get_data(field), sizeof(double), wanted, file) != wanted)
        return fprintf(stderr, "%s: %d x %d doubles expected\n", argv[1], size, size), 2;
    fclose(file);
    report("racf", racf, field);
    report("psd", psd, field);
    report("hdr", regions, field);
    return 0;
}
