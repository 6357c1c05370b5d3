# SPDX-License-Identifier: Apache-2.0

# The icon set: resources/icons/NAME.svg, monochrome, painted in the colour of a role (Theme::icon).
set(postern_icons
    access allowed bell check chevron-down chevron-left chevron-right chevron-up circle clock close
    code columns command comment consumers copy cross denied dice diff duplicate edit export eye eye-off file
    filter folder gateway help history import info inspector key keyboard label link list lock mint
    minus more paste pause plus power products quit record redo repeat restart route sample save
    search send settings shield sidebar star start stop table theme tokens trash undo unlock
    upstream user warning wrench)
list(TRANSFORM postern_icons PREPEND ${PROJECT_SOURCE_DIR}/resources/icons/)
list(TRANSFORM postern_icons APPEND .svg)
qt_add_resources(postern_gui_base icons PREFIX /postern BASE ${PROJECT_SOURCE_DIR}/resources
    FILES ${postern_icons})
